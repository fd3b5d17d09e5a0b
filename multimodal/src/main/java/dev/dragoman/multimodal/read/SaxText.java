package dev.dragoman.multimodal.read;

import java.util.Locale;
import java.util.Set;
import org.apache.tika.exception.WriteLimitReachedException;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Running text from the XHTML that Tika's parsers emit. */
final class SaxText extends DefaultHandler {
  private static final Set<String> PARAGRAPHS =
      Set.of(
          "p",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "table",
          "ul",
          "ol",
          "dl",
          "blockquote",
          "pre",
          "hr");
  private static final Set<String> LINES =
      Set.of("div", "li", "tr", "br", "dt", "dd", "caption", "option");
  private static final Set<String> HIDDEN = Set.of("head", "script", "style");

  private final TextBuilder text;
  private final int limit;
  private int hidden;
  private boolean firstCell;

  SaxText(int limit) {
    this.limit = limit;
    this.text = new TextBuilder(limit);
  }

  @Override
  public void startElement(String uri, String local, String qualified, Attributes attributes) {
    String name = local.toLowerCase(Locale.ROOT);
    if (HIDDEN.contains(name)) {
      hidden++;
    }
    if (name.equals("td") || name.equals("th")) {
      if (!firstCell) {
        text.cell();
      }
      firstCell = false;
    } else {
      separate(name);
      firstCell |= name.equals("tr");
    }
  }

  @Override
  public void endElement(String uri, String local, String qualified) {
    String name = local.toLowerCase(Locale.ROOT);
    if (HIDDEN.contains(name)) {
      hidden--;
    }
    separate(name);
  }

  private void separate(String name) {
    if (PARAGRAPHS.contains(name)) {
      text.paragraph();
    } else if (LINES.contains(name)) {
      text.line();
    }
  }

  @Override
  public void characters(char[] characters, int start, int length) throws SAXException {
    if (hidden == 0) {
      text.verbatim(new String(characters, start, length));
      if (text.full()) {
        throw new WriteLimitReachedException(limit);
      }
    }
  }

  boolean full() {
    return text.full();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
