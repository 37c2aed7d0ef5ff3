import { PDFDocument } from 'pdf-lib'

/** A page that is one picture. */
export type PicturePage = { readonly jpeg: Uint8Array; readonly widthMm: number; readonly heightMm: number }

const pointsPerMillimetre = 72 / 25.4

/** A PDF with one JPEG a page, each as large as it says. */
export async function picturesPdf(pages: readonly PicturePage[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  for (const { jpeg, widthMm, heightMm } of pages) {
    const [width, height] = [widthMm * pointsPerMillimetre, heightMm * pointsPerMillimetre]
    pdf.addPage([width, height]).drawImage(await pdf.embedJpg(jpeg), { x: 0, y: 0, width, height })
  }
  return await pdf.save()
}
