package dev.dragoman.tests.samples;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * 200 support tickets: 176 written ones, filled in with personal data that passes its checksums and
 * belongs to nobody, and 24 that repeat one of them nearly word for word.
 */
final class Tickets {
  /** A row of {@code tickets.jsonl}. */
  record Ticket(String id, String subject, String body, String created, String customer) {}

  private record Written(String language, String subject, String body) {}

  private static final int AGAIN = 24;
  private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");
  private static final LocalDateTime START = LocalDateTime.of(2026, 9, 1, 7, 0);

  /** Published by the card schemes for tests. */
  static final List<String> CARDS =
      List.of(
          "4111 1111 1111 1111",
          "5555 5555 5555 4444",
          "4012888888881881",
          "3782 822463 10005",
          "5105-1051-0510-5100",
          "6011 1111 1111 1117");

  private final Random random = new Random(20261005);

  private Tickets() {}

  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    JsonMapper json = new JsonMapper();
    StringBuilder lines = new StringBuilder();
    for (Ticket ticket : all()) {
      lines.append(json.writeValueAsString(ticket)).append('\n');
    }
    Files.writeString(folder.resolve("tickets.jsonl"), lines);
  }

  static List<Ticket> all() throws IOException {
    return new Tickets().make();
  }

  private List<Ticket> make() throws IOException {
    List<Written> written = new ArrayList<>();
    for (String language : List.of("en", "nl", "pt")) {
      for (String line : read("tickets-" + language + ".txt")) {
        String[] halves = line.split("\\|", 2);
        written.add(new Written(language, halves[0], halves[1]));
      }
    }
    Collections.shuffle(written, random);
    List<Ticket> tickets = new ArrayList<>();
    LocalDateTime at = START;
    for (Written one : written) {
      at = at.plusMinutes(35 + random.nextInt(600));
      String customer = "C-" + (1000 + random.nextInt(400));
      String subject = fill(one.subject(), one.language());
      String body = fill(one.body() + closing(one), one.language());
      tickets.add(ticket(subject, body, at, customer));
    }
    for (int i = 0; i < AGAIN; i++) {
      Ticket first = tickets.get(i * 7);
      LocalDateTime later = LocalDateTime.parse(first.created()).plusHours(26 + random.nextInt(90));
      tickets.add(ticket(first.subject(), again(first.body(), i), later, first.customer()));
    }
    tickets.sort((a, b) -> a.created().compareTo(b.created()));
    List<Ticket> numbered = new ArrayList<>();
    for (int i = 0; i < tickets.size(); i++) {
      Ticket ticket = tickets.get(i);
      numbered.add(
          new Ticket(
              "T-%05d".formatted(4200 + i),
              ticket.subject(),
              ticket.body(),
              ticket.created(),
              ticket.customer()));
    }
    return numbered;
  }

  /** How half of the writers end: a signature, an address, an account; or what a web form adds. */
  private String closing(Written written) {
    if (written.body().contains("{name}") || random.nextInt(100) < 45) {
      return "";
    }
    return pick(
        switch (written.language()) {
          case "nl" ->
              List.of(
                  "\n\n{name}\n{email}",
                  "\n\nMet vriendelijke groet,\n{name}\n{phone}",
                  "\n\n{name}, {street}, {postcode} {city}",
                  " Terugbetalen kan op {iban} t.n.v. {name}.",
                  "\n\nGroeten, {name} ({email}, {phone})",
                  "\n\n[webformulier, afzender {ip}]");
          case "pt" ->
              List.of(
                  "\n\n{name}\n{email}",
                  "\n\nCom os melhores cumprimentos,\n{name}\n{phone}",
                  " O meu IBAN é {iban}.",
                  "\n\n{name}, {street}, {postcode} {city}");
          default ->
              List.of(
                  "\n\n{name}\n{email}",
                  "\n\nBest,\n{name}\n{phone}",
                  "\n\n{name}, {street}, {postcode} {city}",
                  " My account is {iban}, in the name of {name}.",
                  "\n\nThanks, {name} ({email}, {phone})",
                  "\n\n[web form, sender {ip}]");
        });
  }

  private static Ticket ticket(String subject, String body, LocalDateTime at, String customer) {
    return new Ticket("", subject, body, at.toString(), customer);
  }

  /** The same message sent once more: a greeting, a closing line, or only other spacing. */
  private static String again(String body, int kind) {
    return switch (kind % 4) {
      case 0 -> body.replace(". ", ".  ").replace("!", ".");
      case 1 -> body + " ?";
      case 2 -> body.toLowerCase(Locale.ROOT);
      default -> "(2) " + body;
    };
  }

  private String fill(String text, String language) {
    Matcher slots = SLOT.matcher(text);
    StringBuilder filled = new StringBuilder();
    String name = pick(names(language));
    while (slots.find()) {
      slots.appendReplacement(
          filled, Matcher.quoteReplacement(value(slots.group(1), language, name)));
    }
    return slots.appendTail(filled).toString();
  }

  private String value(String slot, String language, String name) {
    return switch (slot) {
      case "name" -> name;
      case "email" -> email(name, language);
      case "phone" -> phone(language);
      case "iban" -> iban(language);
      case "bsn" -> bsn();
      case "card" -> pick(CARDS);
      case "ip" -> ip();
      case "postcode" -> postcode(language);
      case "street" -> street(language);
      case "city" -> pick(cities(language));
      case "order" -> "ORD-" + (100000 + random.nextInt(900000));
      case "invoice" -> "INV-2026-" + (1000 + random.nextInt(9000));
      case "amount" -> amount(language);
      case "date" -> date(language);
      default -> throw new IllegalStateException("no such slot: " + slot);
    };
  }

  private static List<String> names(String language) {
    return switch (language) {
      case "nl" ->
          List.of(
              "Sanne de Wit",
              "Pieter Kuipers",
              "Fatma Aydin",
              "Joost van Loon",
              "Lotte Bakker",
              "Mohamed El Idrissi",
              "Anneke Visser",
              "Bram Peeters",
              "Esmée Hoekstra",
              "Henk Jan Dijkstra");
      case "pt" ->
          List.of(
              "Ana Sequeira",
              "João Pires",
              "Marta Gonçalves",
              "Rui Tavares",
              "Inês Carvalho",
              "Paulo Antunes");
      default ->
          List.of(
              "Daniel Okafor",
              "Ruth Calder",
              "Priya Hollis",
              "Tom Whitlock",
              "Eva Lindqvist",
              "Marcus Bell",
              "Grace Adeyemi",
              "Oliver Penn",
              "Siobhan Walsh",
              "Henry Cho");
    };
  }

  private static List<String> cities(String language) {
    return switch (language) {
      case "nl" -> List.of("Zeedam", "Oudedijk", "Rijnveen", "Utrecht", "Zwolle");
      case "pt" -> List.of("Porto", "Braga", "Coimbra", "Faro");
      default -> List.of("Northhaven", "Millford", "Leeds", "Bristol");
    };
  }

  private String email(String name, String language) {
    String local =
        Normalizer.normalize(name, Normalizer.Form.NFD)
            .replaceAll("[^A-Za-z ]", "")
            .toLowerCase(Locale.ROOT)
            .replace(' ', random.nextBoolean() ? '.' : '_');
    String domain =
        switch (language) {
          case "nl" -> "example.nl";
          case "pt" -> "example.pt";
          default -> pick(List.of("example.com", "mail.example.org", "example.co.uk"));
        };
    return local + (random.nextInt(3) == 0 ? random.nextInt(90) : "") + "@" + domain;
  }

  private String phone(String language) {
    return switch (language) {
      case "nl" ->
          pick(
              List.of(
                  "06-" + digits(8, 1),
                  "+31 6 " + digits(8, 1),
                  "06 " + digits(4, 1) + " " + digits(4, 0),
                  "030-2" + digits(6, 0)));
      case "pt" ->
          pick(List.of("+351 91" + digits(7, 0), "912 " + digits(3, 0) + " " + digits(3, 0)));
      default ->
          pick(
              List.of(
                  "+44 7700 900" + digits(3, 0),
                  "07700 900" + digits(3, 0),
                  "+44 20 7946 0" + digits(3, 0)));
    };
  }

  /** Account numbers of banks' usual length; check digits by ISO 7064 mod 97-10. */
  private String iban(String language) {
    String country;
    String account;
    switch (language) {
      case "nl" -> {
        country = "NL";
        account = pick(List.of("ABNA", "INGB", "RABO", "TRIO", "SNSB")) + "0" + digits(9, 0);
      }
      case "pt" -> {
        country = "PT";
        account = portuguese("0035" + digits(15, 0));
      }
      default -> {
        country = "GB";
        account = pick(List.of("BUKB", "LOYD", "MIDL", "NWBK")) + digits(14, 0);
      }
    }
    StringBuilder number = new StringBuilder();
    for (char c : (account + country + "00").toCharArray()) {
      number.append(Character.getNumericValue(c));
    }
    int check = 98 - new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
    String iban = country + "%02d".formatted(check) + account;
    return random.nextBoolean() ? iban : iban.replaceAll("(.{4})(?=.)", "$1 ");
  }

  private static String portuguese(String nib) {
    int check = 98 - new BigInteger(nib + "00").mod(BigInteger.valueOf(97)).intValue();
    return nib + "%02d".formatted(check);
  }

  /** A Dutch citizen number: nine digits, weights 9 to 2 and -1, their sum divisible by eleven. */
  private String bsn() {
    while (true) {
      String eight = digits(8, 1);
      int sum = 0;
      for (int i = 0; i < 8; i++) {
        sum += (9 - i) * (eight.charAt(i) - '0');
      }
      if (sum % 11 < 10) {
        return eight + sum % 11;
      }
    }
  }

  private String ip() {
    return switch (random.nextInt(4)) {
      case 0 -> "203.0.113." + (1 + random.nextInt(254));
      case 1 -> "198.51.100." + (1 + random.nextInt(254));
      case 2 -> "192.0.2." + (1 + random.nextInt(254));
      default -> "2001:db8:85a3::8a2e:" + Integer.toHexString(256 + random.nextInt(3000)) + ":7334";
    };
  }

  private String postcode(String language) {
    return switch (language) {
      case "nl" -> (1000 + random.nextInt(8999)) + " " + letters(2);
      case "pt" -> (1000 + random.nextInt(8999)) + "-" + digits(3, 1);
      default ->
          pick(List.of("LS", "BS", "NH"))
              + (1 + random.nextInt(19))
              + " "
              + (1 + random.nextInt(9))
              + letters(2);
    };
  }

  private String street(String language) {
    int number = 1 + random.nextInt(180);
    return switch (language) {
      case "nl" ->
          pick(List.of("Lindelaan", "Havenstraat", "Molenweg", "Kerkplein")) + " " + number;
      case "pt" ->
          pick(List.of("Rua das Flores", "Rua do Carmo", "Avenida Central")) + " " + number;
      default ->
          number + " " + pick(List.of("Mill Road", "Orchard Close", "Quay Street", "High Street"));
    };
  }

  private String amount(String language) {
    int whole = 15 + random.nextInt(400);
    int cents = random.nextInt(20) * 5;
    return switch (language) {
      case "nl" -> "€ %d,%02d".formatted(whole, cents);
      case "pt" -> "%d,%02d euros".formatted(whole, cents);
      default -> "%d.%02d".formatted(whole, cents);
    };
  }

  private String date(String language) {
    LocalDate date = LocalDate.of(2026, 7, 1).plusDays(random.nextInt(60));
    String month =
        switch (language) {
          case "nl" -> date.getMonthValue() == 7 ? "juli" : "augustus";
          case "pt" -> date.getMonthValue() == 7 ? "de julho" : "de agosto";
          default -> date.getMonthValue() == 7 ? "July" : "August";
        };
    return date.getDayOfMonth() + " " + month;
  }

  private String digits(int count, int first) {
    StringBuilder digits = new StringBuilder();
    digits.append(first + random.nextInt(10 - first));
    while (digits.length() < count) {
      digits.append(random.nextInt(10));
    }
    return digits.toString();
  }

  private String letters(int count) {
    String usual = "ABDEGHJLNPRSTVWXZ";
    StringBuilder letters = new StringBuilder();
    while (letters.length() < count) {
      letters.append(usual.charAt(random.nextInt(usual.length())));
    }
    return letters.toString();
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static List<String> read(String resource) throws IOException {
    try (InputStream in = Objects.requireNonNull(Tickets.class.getResourceAsStream(resource))) {
      return Arrays.stream(
              new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split("\n", -1))
          .toList();
    }
  }
}
