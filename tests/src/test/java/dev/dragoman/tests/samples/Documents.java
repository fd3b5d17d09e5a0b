package dev.dragoman.tests.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Documents with a text layer, and one that has it on the first page only. */
final class Documents {
  private static final float SIZE = 11;

  private Documents() {}

  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("rapport-klanttevredenheid.pdf"), report());
    Files.write(folder.resolve("kettle-manual.pdf"), manual());
    try (Sheet mixed = new Sheet("Claim with enclosure", "Harbour Mutual Insurance")) {
      mixed.page().heading(Letters.CLAIM_HEAD, 18).text(Letters.CLAIM, SIZE);
      mixed.picture(Pictures.jpeg(Pictures.scanned(Scans.invoice(), 0.7, 300, 21), 0.4f, 200), "e");
      Files.write(folder.resolve("mixed-text-and-scan.pdf"), mixed.pdf());
    }
    Files.write(folder.resolve("offer-roof.docx"), offer());
    Files.write(folder.resolve("kleine-gids.epub"), epub());
    Files.writeString(folder.resolve("aankondiging.html"), HTML);
    Files.writeString(folder.resolve("memo.rtf"), RTF);
    Files.writeString(folder.resolve("about-these-samples.md"), MARKDOWN);
    Files.writeString(folder.resolve("gespreksverslag.txt"), MINUTES);
    Files.writeString(folder.resolve("customers.csv"), CSV);
    Files.write(
        folder.resolve("bundle.zip"),
        new Archive()
            .add("notes/minutes.txt", MINUTES)
            .add("notes/customers.csv", CSV)
            .add("kettle-manual.pdf", manual())
            .add("inner.zip", new Archive().add("offer-roof.docx", offer()).bytes())
            .bytes());
  }

  static byte[] report() throws IOException {
    try (Sheet sheet = new Sheet(Letters.REPORT_TITLE, "Afdeling Onderzoek")) {
      sheet.page().heading(Letters.REPORT_TITLE, 18).text(Letters.REPORT.getFirst(), SIZE);
      sheet.page().text(Letters.REPORT.getLast(), SIZE);
      return sheet.pdf();
    }
  }

  static byte[] manual() throws IOException {
    try (Sheet sheet = new Sheet(Letters.MANUAL_TITLE, "Kettleworks")) {
      sheet.page().heading(Letters.MANUAL_TITLE, 18).text(Letters.MANUAL, SIZE);
      return sheet.pdf();
    }
  }

  static byte[] offer() throws IOException {
    StringBuilder paragraphs = new StringBuilder();
    paragraphs
        .append("<w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t>")
        .append(Letters.OFFER_TITLE)
        .append("</w:t></w:r></w:p>");
    for (String paragraph : Letters.OFFER) {
      paragraphs.append("<w:p><w:r><w:t>").append(paragraph).append("</w:t></w:r></w:p>");
    }
    return docx(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
            + "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
            + "<w:body>"
            + paragraphs
            + "</w:body></w:document>",
        Letters.OFFER_TITLE);
  }

  static byte[] docx(String document, String title) throws IOException {
    return new Archive()
        .add(
            "[Content_Types].xml",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
            <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
            <Default Extension="xml" ContentType="application/xml"/>\
            <Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>\
            <Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>\
            </Types>
            """)
        .add(
            "_rels/.rels",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
            <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>\
            <Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>\
            </Relationships>
            """)
        .add(
            "docProps/core.xml",
            """
            <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
            <cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">\
            <dc:title>TITLE</dc:title><dc:creator>Nowak Roofing</dc:creator></cp:coreProperties>
            """
                .replace("TITLE", title))
        .add("word/document.xml", document)
        .bytes();
  }

  private static byte[] epub() throws IOException {
    return new Archive()
        .store("mimetype", "application/epub+zip")
        .add(
            "META-INF/container.xml",
            """
            <?xml version="1.0"?>
            <container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>\
            <rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>\
            </rootfiles></container>
            """)
        .add(
            "OEBPS/content.opf",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
            <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">kleine-gids</dc:identifier>\
            <dc:title>Kleine gids voor het energiecontract</dc:title><dc:language>nl</dc:language>\
            <dc:creator>Bewonersvereniging De Wijk</dc:creator></metadata>
            <manifest><item id="a" href="een.xhtml" media-type="application/xhtml+xml"/>\
            <item id="b" href="twee.xhtml" media-type="application/xhtml+xml"/>\
            <item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>
            <spine><itemref idref="a"/><itemref idref="b"/></spine></package>
            """)
        .add(
            "OEBPS/nav.xhtml",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>Inhoud</title></head>\
            <body><nav epub:type="toc"><ol><li><a href="een.xhtml">Vast of variabel</a></li><li><a href="twee.xhtml">Overstappen</a></li></ol></nav></body></html>
            """)
        .add(
            "OEBPS/een.xhtml",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <html xmlns="http://www.w3.org/1999/xhtml"><head><title>Vast of variabel</title></head><body><h1>Vast of variabel</h1>
            <p>Bij een vast contract weet u een jaar lang waar u aan toe bent. Bij een variabel contract verandert de prijs een paar keer per jaar, maar u kunt elke maand weg.</p>
            <p>Wie in de winter begint, betaalt bij een variabel contract vaak eerst meer en later minder.</p></body></html>
            """)
        .add(
            "OEBPS/twee.xhtml",
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <html xmlns="http://www.w3.org/1999/xhtml"><head><title>Overstappen</title></head><body><h1>Overstappen</h1>
            <p>Overstappen kost geen geld als uw contract is afgelopen. De nieuwe leverancier zegt het oude contract voor u op.</p>
            <p>Noteer op de dag van de overstap de meterstanden en maak er een foto van.</p></body></html>
            """)
        .bytes();
  }

  private static final String HTML =
      """
      <!DOCTYPE html>
      <html lang="nl">
      <head><meta charset="utf-8"><title>Onderhoud in de nacht van 3 november</title>
      <style>.nav { color: grey }</style><script>var track = "not for readers";</script></head>
      <body>
      <h1>Onderhoud in de nacht van 3 november</h1>
      <p>In de nacht van dinsdag 3 op woensdag 4 november werken wij aan het netwerk in de regio
      <b>Zeedam</b>. Tussen 01.00 en 05.00 uur kan de verbinding enkele minuten wegvallen.</p>
      <h2>Wat moet u doen?</h2>
      <ul><li>Laat het modem aan staan.</li><li>Werkt het om zes uur nog niet? Trek dan de stekker
      een minuut uit het stopcontact.</li></ul>
      <table><tr><th>Wijk</th><th>Begin</th></tr><tr><td>Haven</td><td>01.00</td></tr>
      <tr><td>Centrum</td><td>02.30</td></tr></table>
      <p>Vragen? Bel <a href="tel:0800555012">0800-555 012</a>, ook &rsquo;s nachts.</p>
      </body></html>
      """;

  private static final String RTF =
      """
      {\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}
      {\\info{\\title Memo on the new phone desk}{\\author P. Hollis}}
      \\f0\\fs28\\b Memo on the new phone desk\\b0\\fs22\\par
      \\par
      From the first of December all calls about invoices go to the desk in the north wing. Calls about faults stay where they are.\\par
      \\par
      Please note in the file who has spoken with the customer and what was promised. Last month one caller in six had to tell the story twice. That is embarrassing, and it costs us a caf\\'e9 full of goodwill.\\par
      \\par
      Questions go to Priya Hollis, extension 4471.\\par
      }
      """;

  private static final String MARKDOWN =
      """
      # About these samples

      The files in this folder are made to try Dragoman on: letters, invoices, tickets, calls and
      photographs of an imaginary company's customers. All people, firms and addresses are made
      up. Account numbers, citizen numbers and card numbers pass their checksums but are made up,
      or are those that card schemes publish for tests.

      | folder | holds |
      | --- | --- |
      | `scans` | pictures of pages: noise, skew, rotation, two columns, tables, several pages |
      | `documents` | PDF, DOCX, EPUB, HTML, RTF, CSV, Markdown, text, and a zip of some of them |
      | `mail` | a mail with a PDF and a picture, and a mailbox |
      | `tickets` | 200 support tickets in Dutch, English and Portuguese |
      | `calls` | speech: a call on two channels, a voice mail, a Korean message |
      | `photos` | three photographs, credited in the file NOTICE |
      | `broken` | files that go wrong, each in its own way |

      All but the photographs are made by `tests/samples/make.sh`.
      """;

  private static final String MINUTES =
      """
      Verslag van het gesprek met de bewonerscommissie, 8 oktober 2026

      Aanwezig: mevrouw Aydin, de heer Peeters, de heer Van Loon (notulen).

      De lift in het rechter trappenhuis staat sinds half september stil. Het onderdeel komt uit
      Italië en is volgens de leverancier onderweg. Bewoners van de vierde verdieping krijgen hulp
      met hun boodschappen; de huismeester houdt een lijst bij.

      De commissie vraagt om verlichting in de fietsenstalling. De heer Peeters zoekt uit wat een
      lamp met een bewegingsmelder kost en laat het voor 1 november weten.

      Volgende bijeenkomst: 12 november, zelfde plaats.
      """;

  private static final String CSV =
      """
      customer,name,city,since,note
      C-1001,Aaltje Visser,Zeedam,2011-03-14,"Prefers letters, no e-mail"
      C-1002,João Pires,Porto,2019-11-02,Speaks Portuguese and English
      C-1003,"Lindqvist, Eva",Oudedijk,2022-06-30,"Said: ""call after six\"""
      C-1004,Daniel Okafor,Northhaven,2020-01-09,Claim HM-448210 is open
      C-1005,Fatma Aydin,Rijnveen,2015-08-21,Chair of the residents' committee
      C-1006,Bakkerij Het Zonnetje,Zeedam,2008-05-05,"Pays by transfer
      within fourteen days"
      """;
}
