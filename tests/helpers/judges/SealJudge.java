import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.Security;
import java.util.Arrays;
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
import org.bouncycastle.tsp.TimeStampToken;

/**
 * Reads PDFs with PDFBox and checks their seals and document timestamps with BouncyCastle (RSA, ECDSA, SM2). Prints a
 * line a file, tab-separated: its name, how many seals it has, how many of them are valid, what is wrong with the
 * others. It judges the CMS alone: chains are other judges' work.
 */
public final class SealJudge {
    public static void main(String[] names) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        for (String name : names) {
            byte[] bytes = Files.readAllBytes(new File(name).toPath());
            int seals = 0;
            int valid = 0;
            StringBuilder wrong = new StringBuilder();
            try (PDDocument document = PDDocument.load(bytes)) {
                for (PDSignature seal : document.getSignatureDictionaries()) {
                    seals += 1;
                    String why = whatIsWrong(seal, bytes);
                    if (why.isEmpty()) valid += 1;
                    else wrong.append(why).append("; ");
                }
            } catch (IOException unreadable) {
                wrong.append(unreadable);
            }
            System.out.println(name + "\t" + seals + "\t" + valid + "\t" + wrong.toString().replaceAll("\\s+", " "));
        }
    }

    private static String whatIsWrong(PDSignature seal, byte[] file) {
        try {
            byte[] content = seal.getSignedContent(file);
            boolean isTimestamp = "ETSI.RFC3161".equals(seal.getSubFilter());
            byte[] contents = seal.getContents(file);
            CMSSignedData cms = isTimestamp
                ? new CMSSignedData(contents)
                : new CMSSignedData(new CMSProcessableByteArray(content), contents);
            Iterator<SignerInformation> signers = cms.getSignerInfos().iterator();
            SignerInformation signer = signers.next();
            if (signers.hasNext()) return "more than one signer";
            @SuppressWarnings("unchecked")
            Iterator<X509CertificateHolder> own = cms.getCertificates().getMatches(signer.getSID()).iterator();
            SignerInformationVerifier verifier =
                new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(own.next());
            if (isTimestamp) return whatIsWrong(new TimeStampToken(cms), verifier, content);
            return signer.verify(verifier) ? "" : "signature";
        } catch (Exception refusal) {
            return refusal.toString();
        }
    }

    private static String whatIsWrong(TimeStampToken token, SignerInformationVerifier verifier, byte[] content)
            throws Exception {
        token.validate(verifier);
        String algorithm = token.getTimeStampInfo().getMessageImprintAlgOID().getId();
        byte[] digest = MessageDigest.getInstance(algorithm, "BC").digest(content);
        return Arrays.equals(digest, token.getTimeStampInfo().getMessageImprintDigest()) ? "" : "imprint";
    }
}
