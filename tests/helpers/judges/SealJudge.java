import java.io.File;
import java.nio.file.Files;
import java.security.Security;
import java.util.Iterator;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Reads PDFs with PDFBox and checks their seals with BouncyCastle. Prints a line a file, tab-separated: its name, how
 * many seals it has, how many of them are valid. It judges the CMS alone: chains are other judges' work.
 */
public final class SealJudge {
    public static void main(String[] names) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (String name : names) {
            byte[] bytes = Files.readAllBytes(new File(name).toPath());
            int seals = 0;
            int valid = 0;
            try (PDDocument document = PDDocument.load(bytes)) {
                for (PDSignature seal : document.getSignatureDictionaries()) {
                    seals += 1;
                    if (isValid(seal, bytes)) valid += 1;
                }
            } catch (java.io.IOException unreadable) {
                System.err.println(name + ": " + unreadable);
            }
            System.out.println(name + "\t" + seals + "\t" + valid);
        }
    }

    private static boolean isValid(PDSignature seal, byte[] file) {
        try {
            CMSSignedData cms = new CMSSignedData(
                new CMSProcessableByteArray(seal.getSignedContent(file)), seal.getContents(file));
            Iterator<SignerInformation> signers = cms.getSignerInfos().iterator();
            SignerInformation signer = signers.next();
            @SuppressWarnings("unchecked")
            Iterator<X509CertificateHolder> own = cms.getCertificates().getMatches(signer.getSID()).iterator();
            SignerInformationVerifier verifier =
                new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(own.next());
            return signer.verify(verifier) && !signers.hasNext();
        } catch (Exception refusal) {
            System.err.println(refusal);
            return false;
        }
    }
}
