package dev.dragoman.operators.text;

import java.util.ArrayList;
import java.util.List;

/** Finds internet addresses: version 4 in four decimals, version 6 as in RFC 4291, section 2.2. */
final class IpAddresses implements PiiRule {
  @Override
  public void find(String text, List<Pii> found) {
    int i = 0;
    while (i < text.length()) {
      if (!inAddress(text.charAt(i))) {
        i++;
        continue;
      }
      int start = i;
      int colons = 0;
      int dots = 0;
      while (i < text.length() && inAddress(text.charAt(i))) {
        colons += text.charAt(i) == ':' ? 1 : 0;
        dots += text.charAt(i) == '.' ? 1 : 0;
        i++;
      }
      boolean within =
          (start > 0 && joins(text.charAt(start - 1)))
              || (i < text.length() && joins(text.charAt(i)));
      if (!within && i - start <= 64 && (colons >= 2 || dots >= 3)) {
        check(text, start, i, colons, found);
      }
    }
  }

  private static boolean inAddress(char c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'f')
        || (c >= 'A' && c <= 'F')
        || c == ':'
        || c == '.';
  }

  private static boolean joins(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }

  private static void check(String text, int from, int to, int colons, List<Pii> found) {
    int start = from;
    int end = to;
    while (end > start && (text.charAt(end - 1) == '.' || endsInOneColon(text, start, end))) {
      end--;
    }
    while (start < end && (text.charAt(start) == '.' || startsWithOneColon(text, start, end))) {
      start++;
    }
    String written = text.substring(start, end);
    if (colons >= 2) {
      String value = version6(written);
      if (!value.isEmpty() && written.chars().anyMatch(Character::isDigit)) {
        found.add(new Pii(PiiKind.IP, start, end, value, 0.95));
        return;
      }
    }
    int port = written.indexOf(':');
    String address = port < 0 ? written : written.substring(0, port);
    if (isVersion4(address) && !PiiContext.isListedOtherwise(text, start)) {
      found.add(new Pii(PiiKind.IP, start, start + address.length(), address, 0.9));
    }
  }

  private static boolean endsInOneColon(String text, int start, int end) {
    return text.charAt(end - 1) == ':' && (end - start < 2 || text.charAt(end - 2) != ':');
  }

  private static boolean startsWithOneColon(String text, int start, int end) {
    return text.charAt(start) == ':' && (end - start < 2 || text.charAt(start + 1) != ':');
  }

  static boolean isVersion4(String written) {
    String[] octets = written.split("\\.", -1);
    if (octets.length != 4) {
      return false;
    }
    for (String octet : octets) {
      boolean number = octet.length() <= 3 && octet.matches("0|[1-9][0-9]*");
      if (!number || Integer.parseInt(octet) > 255) {
        return false;
      }
    }
    return true;
  }

  /** The eight groups in full, or empty if it is no address of version 6. */
  static String version6(String written) {
    String address = written;
    int lastColon = address.lastIndexOf(':');
    if (address.indexOf('.') >= 0) {
      String four = address.substring(lastColon + 1);
      if (!isVersion4(four)) {
        return "";
      }
      String[] octets = four.split("\\.", -1);
      address =
          address.substring(0, lastColon + 1)
              + Integer.toHexString(Integer.parseInt(octets[0]) << 8 | Integer.parseInt(octets[1]))
              + ":"
              + Integer.toHexString(Integer.parseInt(octets[2]) << 8 | Integer.parseInt(octets[3]));
    }
    int gap = address.indexOf("::");
    if (gap != address.lastIndexOf("::") || address.contains(":::")) {
      return "";
    }
    List<String> groups = new ArrayList<>();
    if (gap < 0) {
      groups.addAll(List.of(address.split(":", -1)));
    } else {
      List<String> head = groups(address.substring(0, gap));
      List<String> tail = groups(address.substring(gap + 2));
      if (head.size() + tail.size() > 7) {
        return "";
      }
      groups.addAll(head);
      while (groups.size() < 8 - tail.size()) {
        groups.add("0");
      }
      groups.addAll(tail);
    }
    if (groups.size() != 8 || !groups.stream().allMatch(g -> g.matches("[0-9a-fA-F]{1,4}"))) {
      return "";
    }
    StringBuilder full = new StringBuilder(39);
    for (String group : groups) {
      full.append(full.isEmpty() ? "" : ":")
          .append(String.format("%04x", Integer.parseInt(group, 16)));
    }
    return full.toString();
  }

  private static List<String> groups(String side) {
    return side.isEmpty() ? List.of() : List.of(side.split(":", -1));
  }
}
