package dev.dragoman.multimodal.read;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/** The text of an HTML page as a reader sees it, without scripts, styles and what is hidden. */
final class HtmlText implements NodeVisitor {
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
          "hr",
          "section",
          "article",
          "header",
          "footer",
          "nav",
          "main",
          "aside",
          "figure",
          "form",
          "fieldset");
  private static final Set<String> LINES =
      Set.of(
          "div",
          "li",
          "tr",
          "br",
          "dt",
          "dd",
          "caption",
          "figcaption",
          "option",
          "address",
          "center",
          "legend",
          "summary");
  private static final Set<String> HIDDEN =
      Set.of("head", "script", "style", "template", "noscript", "svg", "math");

  private static final Pattern CHARSET =
      Pattern.compile(
          "<(?:meta|\\?xml)[^>]{0,500}?(?:charset|encoding)\\s*=\\s*[\"']?\\s*([\\w.:-]{2,40})",
          Pattern.CASE_INSENSITIVE);

  private final TextBuilder text;
  private int hidden;
  private int preformatted;

  private HtmlText(int limit) {
    this.text = new TextBuilder(limit);
  }

  /** What was read. */
  record Page(String title, String author, String text, boolean full) {}

  static Page of(String html, int limit) {
    Document document = Jsoup.parse(html);
    HtmlText visitor = new HtmlText(limit);
    document.traverse(visitor);
    Element author = document.selectFirst("meta[name=author]");
    return new Page(
        document.title(),
        author == null ? "" : author.attr("content"),
        visitor.text.toString(),
        visitor.text.full());
  }

  /** The charset that the page names in its first bytes, or null. */
  static @Nullable Charset declaredCharset(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.ISO_8859_1);
    Matcher matcher = CHARSET.matcher(head);
    return matcher.find() ? Charsets.named(matcher.group(1)) : null;
  }

  @Override
  public void head(Node node, int depth) {
    if (node instanceof TextNode words && hidden == 0) {
      if (preformatted > 0) {
        text.verbatim(words.getWholeText());
      } else {
        text.flowing(words.getWholeText());
      }
    } else if (node instanceof Element element) {
      hidden += isHidden(element) ? 1 : 0;
      preformatted += isPreformatted(element) ? 1 : 0;
      String name = element.normalName();
      if ((name.equals("td") || name.equals("th")) && element.previousElementSibling() != null) {
        text.cell();
      }
      separate(name);
    }
  }

  @Override
  public void tail(Node node, int depth) {
    if (node instanceof Element element) {
      hidden -= isHidden(element) ? 1 : 0;
      preformatted -= isPreformatted(element) ? 1 : 0;
      separate(element.normalName());
    }
  }

  private static boolean isHidden(Element element) {
    return HIDDEN.contains(element.normalName())
        || element.hasAttr("hidden")
        || element.attr("style").replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none");
  }

  private static boolean isPreformatted(Element element) {
    return element.normalName().equals("pre") || element.normalName().equals("textarea");
  }

  private void separate(String name) {
    if (PARAGRAPHS.contains(name)) {
      text.paragraph();
    } else if (LINES.contains(name)) {
      text.line();
    }
  }
}
