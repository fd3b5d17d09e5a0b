package dev.dragoman.tests.samples;

import java.util.List;

/** What stands on the scans and in the documents. People, firms and addresses are made up. */
final class Letters {
  static final String PERMIT_HEAD = "Gemeente Rijnveen";
  static final String PERMIT =
      """
      Postbus 210, 3990 AB Rijnveen
      Telefoon 030 555 01 23

      Aan: mevrouw S. de Wit
      Lindelaan 14
      3991 KM Rijnveen

      Rijnveen, 12 oktober 2026
      Kenmerk: PV-2026-00871
      Onderwerp: uw aanvraag voor een parkeervergunning

      Geachte mevrouw De Wit,

      Op 28 september ontvingen wij uw aanvraag voor een parkeervergunning voor bewoners. Uw \
      straat valt sinds 1 september onder het gebied waar betaald parkeren geldt. U heeft daarom \
      recht op een vergunning voor één auto.

      De kosten bedragen 84 euro per jaar. Dit bedrag wordt in november automatisch van uw \
      rekening afgeschreven. De vergunning is digitaal: u hoeft geen kaart achter de voorruit te \
      leggen. Geef wel een nieuw kenteken door als u een andere auto krijgt.

      Bent u het niet eens met dit besluit? Dan kunt u binnen zes weken schriftelijk bezwaar \
      maken bij het college van burgemeester en wethouders.

      Met vriendelijke groet,

      A. Verhoeven
      Afdeling Vergunningen
      """;

  static final String CLAIM_HEAD = "Harbour Mutual Insurance";
  static final String CLAIM =
      """
      22 Quay Street, Northhaven NH1 4QS
      Claims department

      Mr Daniel Okafor
      7 Mill Road
      Northhaven NH3 9TT

      14 October 2026
      Claim number: HM-448210

      Dear Mr Okafor,

      Thank you for the photographs of your kitchen. Our surveyor has looked at them and agrees \
      that the damage was caused by the burst pipe on 2 October. The repair of the floor and the \
      two lower cupboards is covered by your policy.

      We have transferred 2,350 pounds to your account today. The first 150 pounds of every claim \
      are yours to pay, as stated on page four of the policy. Please keep the invoices of the \
      carpenter, since we may ask for them later.

      If the drying of the wall takes longer than three weeks, call us before you let anyone \
      paint it. We will then send the surveyor again, free of charge.

      Yours sincerely,

      Ruth Calder
      Claims handler
      """;

  static final String INVOICE_HEAD = "Invoice 2026-1187";
  static final String INVOICE =
      """
      Brightwater Cycles Ltd
      3 Station Yard, Millford ML2 8DD
      VAT number GB 999 9973 44

      Bill to: Green Valley Deliveries
      Date: 9 October 2026
      Payment due: 8 November 2026
      """;
  static final List<List<String>> INVOICE_ROWS =
      List.of(
          List.of("Item", "Quantity", "Price", "Amount"),
          List.of("Service of cargo bike", "4", "85.00", "340.00"),
          List.of("Brake pads, pair", "8", "12.50", "100.00"),
          List.of("Battery test", "4", "25.00", "100.00"),
          List.of("New front tyre", "2", "38.00", "76.00"),
          List.of("Total without VAT", "", "", "616.00"),
          List.of("VAT 20%", "", "", "123.20"),
          List.of("Total", "", "", "739.20"));
  static final String INVOICE_FOOT =
      """
      Please pay within 30 days to account GB33BUKB20201555555555, naming the invoice number. \
      Thank you for your custom.
      """;

  static final String FACTUUR_HEAD = "Factuur F26-0452";
  static final String FACTUUR =
      """
      Installatiebedrijf Van der Meer
      Havenstraat 8, 4331 CB Zeedam
      KvK 00000000

      Voor: Bakkerij Het Zonnetje, Markt 3, 4331 LJ Zeedam
      Factuurdatum: 6 oktober 2026
      Te betalen voor: 20 oktober 2026
      """;
  static final List<List<String>> FACTUUR_ROWS =
      List.of(
          List.of("Omschrijving", "Aantal", "Prijs", "Bedrag"),
          List.of("Onderhoud koelcel", "1", "145,00", "145,00"),
          List.of("Vervangen ventilator", "2", "89,50", "179,00"),
          List.of("Voorrijkosten", "1", "35,00", "35,00"),
          List.of("Arbeid per uur", "3", "62,00", "186,00"),
          List.of("Subtotaal", "", "", "545,00"),
          List.of("Btw 21%", "", "", "114,45"),
          List.of("Totaal", "", "", "659,45"));
  static final String FACTUUR_FOOT =
      """
      Wij verzoeken u het bedrag over te maken op rekening NL91ABNA0417164300 onder vermelding \
      van het factuurnummer.
      """;

  static final String NEWS_HEAD = "The Canal Side Gazette";
  static final String NEWS_LEFT =
      """
      Bridge opens in spring

      The new bridge over the canal will open on 3 April. Cyclists can use it from the first \
      day, cars have to wait until the ramp on the north side is finished in June. The old \
      ferry keeps sailing until then, every twenty minutes.

      The council paid four million for the bridge. Half of it came from the province. The \
      alderman calls it the best money the town has ever spent.

      Library moves

      The library leaves its rooms above the fire station. From January you will find it in the \
      former post office. All books are carried over by hand, in a chain of neighbours. Helpers \
      can sign up at the desk.
      """;
  static final String NEWS_RIGHT =
      """
      Winter market needs stalls

      Only twelve stalls have been booked for the winter market, against thirty last year. The \
      organisers blame the rain. They hope that bakers and potters from the villages will come \
      after all. A stall costs ten euros, soup included.

      Lost and found

      Found near the lock: a red bicycle bell, a child's glove and a set of seven keys. The lock \
      keeper has them on his window sill.

      Weather

      Mist in the morning, sun after eleven. At night it may freeze for the first time this \
      autumn, so bring in your geraniums.
      """;

  static final List<String> LEASE =
      List.of(
          """
          Huurovereenkomst woonruimte

          Ondergetekenden, de heer J. Kuipers, wonende te Oudedijk, hierna te noemen de \
          verhuurder, en mevrouw L. Bakker, hierna te noemen de huurder, zijn het volgende \
          overeengekomen.

          Artikel 1. Het gehuurde

          De verhuurder verhuurt aan de huurder de woning aan de Molenweg 27 te Oudedijk, \
          bestaande uit een woonkamer, een keuken, twee slaapkamers en een schuur.

          Artikel 2. Duur

          De overeenkomst gaat in op 1 december 2026 en geldt voor onbepaalde tijd. De huurder \
          kan opzeggen met een termijn van een maand.
          """,
          """
          Artikel 3. Huurprijs

          De huur bedraagt 925 euro per maand en wordt voor de eerste dag van de maand betaald. \
          De huur wordt ieder jaar op 1 juli aangepast volgens het prijsindexcijfer.

          Artikel 4. Waarborgsom

          Bij het tekenen betaalt de huurder een waarborgsom van een maand huur. De verhuurder \
          betaalt deze binnen dertig dagen na het einde van de huur terug, als de woning zonder \
          schade wordt opgeleverd.

          Artikel 5. Onderhoud

          Kleine reparaties zijn voor rekening van de huurder. Lekkages meldt de huurder nog \
          dezelfde dag.
          """,
          """
          Artikel 6. Huisdieren

          De huurder mag een hond of een kat houden, zolang de buren daar geen overlast van \
          hebben.

          Artikel 7. Einde van de huur

          Bij het einde van de huur lopen partijen samen door de woning. Wat bij de eerste \
          rondgang is opgeschreven, telt niet als schade.

          Aldus overeengekomen te Oudedijk op 15 oktober 2026.

          De verhuurder                    De huurder
          """);

  static final String RECEIPT =
      """
      CORNER HARDWARE
      12 High Street

      Paint white 5 litre      34.90
      Brush wide                7.25
      Masking tape              3.10
      Sandpaper, ten sheets     4.60

      Total                    49.85
      Paid by card

      Bring this receipt if you want to exchange something within 30 days.
      """;

  static final String NOTICE =
      """
      Water off on Thursday

      On Thursday 22 October there will be no water between nine in the morning and two in the \
      afternoon. The main pipe under Church Lane is being replaced. Please fill a few bottles \
      the evening before. Questions? Call the water company on 0300 555 0199.
      """;

  static final String REPORT_TITLE = "Klanttevredenheid derde kwartaal 2026";
  static final List<String> REPORT =
      List.of(
          """
          In het derde kwartaal hebben 1.284 klanten de vragenlijst ingevuld. Dat zijn er \
          ongeveer tweehonderd meer dan in het voorjaar. Het gemiddelde cijfer steeg van 7,1 \
          naar 7,4.

          De meeste waardering gaat naar de monteurs. Zij komen op tijd, leggen uit wat zij doen \
          en laten het netjes achter. Ook de nieuwe app valt in de smaak, al missen veel klanten \
          een overzicht van het verbruik per dag.

          De wachttijd aan de telefoon blijft het grootste punt van ergernis. Op maandagochtend \
          wacht een klant gemiddeld elf minuten. Een op de vijf hangt op voordat er iemand \
          opneemt.
          """,
          """
          Wat gaan wij doen

          Vanaf november bellen wij klanten terug die langer dan vijf minuten wachten. Daarvoor \
          zijn zes medewerkers aangenomen, die in oktober worden opgeleid.

          De app krijgt in het eerste kwartaal van 2027 een overzicht per dag. De brieven over \
          het termijnbedrag worden herschreven: uit de antwoorden blijkt dat vier op de tien \
          klanten niet begrijpen hoe het bedrag tot stand komt.

          Over een half jaar meten wij opnieuw.
          """);

  static final String MANUAL_TITLE = "Kettle K2: how to use it";
  static final String MANUAL =
      """
      Before the first use

      Fill the kettle with water up to the mark, let it boil and pour the water away. Do this \
      twice. Keep the cord away from the edge of the table.

      Boiling water

      Lift the lid, fill in at least half a litre and put the kettle on its base. Press the \
      lever. The kettle switches itself off when the water boils.

      Removing lime

      When you see white spots on the bottom, mix one part of vinegar with two parts of water, \
      leave it in the kettle for an hour without boiling it, and rinse three times.

      If it does not work

      Check that the base is plugged in. After boiling dry the kettle locks itself for ten \
      minutes. If the lamp blinks red, the heating element is broken: bring the kettle to the \
      shop with the receipt.
      """;

  static final String OFFER_TITLE = "Offer for the renovation of the roof";
  static final List<String> OFFER =
      List.of(
          "Dear Mrs Lindqvist,",
          "Thank you for showing us your house last Tuesday. As agreed we send you our offer for"
              + " the renovation of the roof on the garden side.",
          "We will take off the old tiles, replace the rotten battens, lay insulation of sixteen"
              + " centimetres and put new clay tiles on top. The gutter is included, the dormer is"
              + " not.",
          "The work takes nine days and costs 14,800 euros including VAT. If you sign before 15"
              + " November we can begin on 11 January.",
          "Kind regards,",
          "Marta Nowak, Nowak Roofing, marta@nowak-roofing.example, +31 6 12345678");

  private Letters() {}
}
