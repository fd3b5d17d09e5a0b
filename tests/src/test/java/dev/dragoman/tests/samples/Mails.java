package dev.dragoman.tests.samples;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Mails with and without attachments. */
final class Mails {
  private Mails() {}

  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("klacht-lekkage.eml"), complaint());
    Files.writeString(folder.resolve("inbox.mbox"), mailbox());
  }

  private static String complaint() throws IOException {
    byte[] picture =
        Pictures.jpeg(
            Pictures.scaled(
                Pictures.scanned(Scans.page("Notice", Letters.NOTICE), 1.1, 200, 31)
                    .getSubimage(0, 0, 1650, 900),
                1100,
                BufferedImage.TYPE_BYTE_GRAY),
            0.5f,
            133);
    String mail =
        """
        From: =?UTF-8?Q?Zo=C3=AB_van_den_Berg?= <zoe.vandenberg@example.nl>
        To: klantenservice@example.com
        Subject: =?UTF-8?Q?Lekkage_na_installatie_=E2=80=93_graag_snel_een_monteur?=
        Date: Tue, 13 Oct 2026 09:14:05 +0200
        Message-ID: <20261013071405.1@example.nl>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="outer"

        --outer
        Content-Type: multipart/alternative; boundary="inner"

        --inner
        Content-Type: text/plain; charset=UTF-8
        Content-Transfer-Encoding: 8bit

        Goedemorgen,

        Sinds de installatie van vorige week lekt de afvoer onder het aanrecht. Ik zet er nu elke
        nacht een emmer onder. Kunt u deze week nog een monteur sturen? Bellen kan op
        06-12345678, het liefst na vier uur.

        De handleiding en het briefje dat in de bus lag stuur ik mee.

        Zoë van den Berg
        Havenstraat 22, 4331 CB Zeedam

        --inner
        Content-Type: text/html; charset=UTF-8
        Content-Transfer-Encoding: 8bit

        <html><body><p>Goedemorgen,</p><p>Sinds de installatie van vorige week lekt de afvoer onder
        het aanrecht. Ik zet er nu elke nacht een emmer onder. Kunt u deze week nog een monteur
        sturen? Bellen kan op 06-12345678, het liefst na vier uur.</p><p>De handleiding en het
        briefje dat in de bus lag stuur ik mee.</p><p>Zo&euml; van den Berg<br>Havenstraat 22, 4331
        CB Zeedam</p></body></html>

        --inner--
        --outer
        Content-Type: application/pdf; name="handleiding.pdf"
        Content-Disposition: attachment; filename="handleiding.pdf"
        Content-Transfer-Encoding: base64

        PDF
        --outer
        Content-Type: image/jpeg; name="briefje.jpg"
        Content-Disposition: attachment; filename="briefje.jpg"
        Content-Transfer-Encoding: base64

        JPEG
        --outer--
        """;
    return mail.replace("PDF\n", base64(Documents.manual()))
        .replace("JPEG\n", base64(picture))
        .replace("\n", "\r\n");
  }

  private static String base64(byte[] bytes) {
    return Base64.getMimeEncoder(76, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes)
        + "\n";
  }

  private static String mailbox() {
    return """
    From tom@example.co.uk Mon Oct  5 08:12:00 2026
    From: Tom Whitlock <tom@example.co.uk>
    To: support@example.com
    Subject: Invoice address
    Date: Mon, 5 Oct 2026 08:12:00 +0100
    Message-ID: <m1@example.co.uk>
    Content-Type: text/plain; charset=us-ascii

    Hello,

    we have moved. Please send invoices to 5 Orchard Close, Millford ML2 9PR from now on.
    >From November on our purchase number has to be on them as well: PO-7781.

    Tom Whitlock

    From ana@example.pt Mon Oct  5 10:40:31 2026
    From: =?UTF-8?B?QW5hIFNlcXVlaXJh?= <ana@example.pt>
    To: support@example.com
    Subject: =?UTF-8?Q?Entrega_da_cadeira?=
    Date: Mon, 5 Oct 2026 10:40:31 +0100
    Message-ID: <m2@example.pt>
    MIME-Version: 1.0
    Content-Type: text/plain; charset=UTF-8
    Content-Transfer-Encoding: 8bit

    Bom dia,

    a cadeira que encomendei chegou hoje, mas falta uma perna. Podem enviar a peça que falta
    sem eu ter de devolver tudo? Moro no terceiro andar sem elevador.

    Obrigada,
    Ana Sequeira

    From k.jansen@example.nl Tue Oct  6 21:03:10 2026
    From: K. Jansen <k.jansen@example.nl>
    To: support@example.com
    Subject: Bedankt
    Date: Tue, 6 Oct 2026 21:03:10 +0200
    Message-ID: <m3@example.nl>
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="b"

    --b
    Content-Type: text/plain; charset=UTF-8

    De monteur was er binnen een uur. Ik heb zijn naam niet onthouden, maar geef hem een taart.

    --b
    Content-Type: text/csv; name="storingen.csv"
    Content-Disposition: attachment; filename="storingen.csv"

    datum,minuten
    2026-10-01,12
    2026-10-04,45
    --b--
    """;
  }
}
