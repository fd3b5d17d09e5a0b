package dev.dragoman.tests.samples;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Pictures of pages: noise, skew, rotation, columns, tables, several pages. */
final class Scans {
  private static final int DPI = 200;
  private static final float SIZE = 11.5f;

  private Scans() {}

  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    BufferedImage permit = page(Letters.PERMIT_HEAD, Letters.PERMIT);
    Files.write(
        folder.resolve("brief-parkeervergunning.png"),
        Pictures.png(Pictures.scanned(permit, 0, 800, 1)));

    BufferedImage claim = page(Letters.CLAIM_HEAD, Letters.CLAIM);
    Files.write(
        folder.resolve("letter-claim-skewed.png"),
        Pictures.png(Pictures.scanned(claim, 2.4, 300, 2)));

    BufferedImage invoice = invoice();
    Files.write(
        folder.resolve("invoice-rotated.jpg"),
        Pictures.jpeg(Pictures.turned(Pictures.scanned(invoice, 0, 200, 3), 1), 0.5f, DPI));

    BufferedImage factuur =
        first(
            sheet("Factuur")
                .page()
                .heading(Letters.FACTUUR_HEAD, 20)
                .text(Letters.FACTUUR, SIZE)
                .table(Letters.FACTUUR_ROWS, SIZE, 0.46f, 0.16f, 0.18f, 0.2f)
                .text(Letters.FACTUUR_FOOT, SIZE));
    Files.write(
        folder.resolve("factuur-tabel.png"), Pictures.png(Pictures.scanned(factuur, -0.8, 400, 4)));

    BufferedImage news =
        first(
            sheet("News")
                .page()
                .heading(Letters.NEWS_HEAD, 26)
                .space(10)
                .columns(Letters.NEWS_LEFT, Letters.NEWS_RIGHT, SIZE));
    Files.write(
        folder.resolve("newsletter-two-columns.jpg"),
        Pictures.jpeg(Pictures.scanned(news, 0.5, 300, 5), 0.5f, DPI));

    List<BufferedImage> lease = new ArrayList<>();
    try (Sheet sheet = sheet("Huurovereenkomst")) {
      for (String page : Letters.LEASE) {
        sheet.page().text(page, SIZE);
      }
      long seed = 6;
      for (BufferedImage page : Pictures.pages(sheet.pdf(), DPI)) {
        lease.add(Pictures.blackAndWhite(Pictures.scanned(page, 0.3, 100, seed++)));
      }
    }
    Files.write(folder.resolve("huurovereenkomst.tiff"), Pictures.tiff(lease));

    BufferedImage receipt = page("Receipt", Letters.RECEIPT);
    BufferedImage upright =
        Pictures.scanned(receipt, 0, 200, 9).getSubimage(0, 0, receipt.getWidth(), 1100);
    // Stored lying on its side; orientation 6 tells the reader to turn it clockwise.
    Files.write(
        folder.resolve("receipt-exif-rotated.jpg"),
        Pictures.withOrientation(Pictures.jpeg(Pictures.turned(upright, 3), 0.5f, DPI), 6));

    BufferedImage notice = page("Notice", Letters.NOTICE);
    Files.write(
        folder.resolve("notice.gif"),
        Pictures.gif(Pictures.blackAndWhite(notice.getSubimage(0, 0, notice.getWidth(), 700))));

    try (Sheet scan = sheet("")) {
      scan.picture(Pictures.jpeg(Pictures.scanned(permit, -1.2, 300, 10), 0.4f, DPI), "1.jpg");
      scan.picture(Pictures.jpeg(Pictures.scanned(invoice, 0.6, 300, 11), 0.4f, DPI), "2.jpg");
      Files.write(folder.resolve("scanned-image-only.pdf"), scan.pdf());
    }
  }

  static BufferedImage invoice() throws IOException {
    return first(
        sheet("Invoice")
            .page()
            .heading(Letters.INVOICE_HEAD, 20)
            .text(Letters.INVOICE, SIZE)
            .table(Letters.INVOICE_ROWS, SIZE, 0.46f, 0.16f, 0.18f, 0.2f)
            .text(Letters.INVOICE_FOOT, SIZE));
  }

  static BufferedImage page(String heading, String text) throws IOException {
    return first(sheet(heading).page().heading(heading, 18).text(text, SIZE));
  }

  private static Sheet sheet(String title) throws IOException {
    return new Sheet(title, "");
  }

  private static BufferedImage first(Sheet sheet) throws IOException {
    try (sheet) {
      return Pictures.pages(sheet.pdf(), DPI).getFirst();
    }
  }
}
