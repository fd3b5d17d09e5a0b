package dev.dragoman.multimodal.read;

import dev.dragoman.multimodal.worker.ServiceException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageTree;
import org.apache.pdfbox.pdmodel.common.PDNameTreeNode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotation;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationFileAttachment;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationFreeText;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;
import org.apache.pdfbox.pdmodel.interactive.form.PDNonTerminalField;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.util.Matrix;
import org.apache.pdfbox.util.Vector;
import org.jspecify.annotations.Nullable;

/**
 * The text of a PDF page by page, the pages that have to be looked at instead, and the files it
 * carries.
 */
final class PdfReader extends PDFTextStripper {
  /** A page with fewer letters and digits that shows a picture or a drawing counts as scanned. */
  private static final int FEW_LETTERS = 16;

  /** The same where a picture covers half of the page: a scanner's stamp is no text layer. */
  private static final int STAMP_LETTERS = 100;

  /** Fewer strokes and fills are rules and frames, not a drawing. */
  private static final int DRAWING = 20;

  private static final int NAME_TREE_DEPTH = 20;
  private static final Set<String> PAINTING =
      Set.of("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh");

  /** Annotations that show something to read. */
  private static final Set<String> SHOWN = Set.of("Stamp", "Ink");

  private final ReadLimits limits;
  private final List<Passage> passages = new ArrayList<>();
  private final List<Integer> scanned = new ArrayList<>();
  private final List<Problem> problems;
  private final EntrySink sink;
  private int pages;
  private int broken;
  private long characters;
  private boolean pictures;
  private double pictureArea;
  private int strokes;
  private int glyphs;

  private PdfReader(ReadLimits limits, EntrySink sink) {
    this.limits = limits;
    this.sink = sink;
    this.problems = new ArrayList<>();
    setStartPage(0);
    setLineSeparator("\n");
    setParagraphEnd("\n");
  }

  static Codec.Answer read(Path file, String mediaType, ReadLimits limits, EntrySink sink)
      throws ServiceException {
    try (PDDocument document =
        Loader.loadPDF(file.toFile(), "", IOUtils.createTempFileOnlyStreamCache())) {
      PdfReader reader = new PdfReader(limits, sink);
      reader.writeText(document, Writer.nullWriter());
      if (reader.pages == 0) {
        throw new ServiceException(
            "CORRUPT", "no page can be found in the PDF; it is damaged: get a sound copy");
      }
      if (reader.broken == reader.pages) {
        throw new ServiceException(
            "CORRUPT",
            "none of the "
                + reader.pages
                + " pages of the PDF can be read; it is damaged: get a sound copy");
      }
      reader.readFormFields(document);
      reader.readAttachments(document);
      PDDocumentInformation information = document.getDocumentInformation();
      return new Codec.Answer(
          mediaType,
          clean(information.getTitle()),
          clean(information.getAuthor()),
          reader.pages,
          reader.passages,
          reader.scanned,
          List.of(),
          reader.problems);
    } catch (IOException | RuntimeException e) {
      throw Failures.of(e, mediaType);
    }
  }

  private static String clean(@Nullable String value) {
    return value == null ? "" : value.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
  }

  @Override
  protected void processPages(PDPageTree tree) {
    for (PDPage page : tree) {
      if (pages == limits.maxPages()) {
        problems.add(
            new Problem(
                "TOO_LARGE",
                "",
                "only the first " + pages + " pages were read; split it or raise the limit"));
        return;
      }
      pages++;
      if (characters < limits.maxTextCharacters()) {
        read(page);
      }
    }
  }

  private void read(PDPage page) {
    pictures = false;
    pictureArea = 0;
    strokes = 0;
    glyphs = 0;
    StringWriter text = new StringWriter();
    output = text;
    try {
      processPage(page);
    } catch (IOException | RuntimeException e) {
      broken++;
      problems.add(
          new Problem(
              "CORRUPT",
              "",
              "page " + pages + " can be read only in part or not at all: it is damaged"));
    }
    text.append('\n').append(notes(page));
    String found = text.toString().strip();
    long letters = found.codePoints().filter(Character::isLetterOrDigit).count();
    boolean covered = pictureArea >= 0.5 * area(page);
    boolean drawn =
        strokes >= DRAWING
            || glyphs - letters >= DRAWING
            || (letters == 0 && strokes + glyphs > 0 && found.isEmpty());
    if ((letters < FEW_LETTERS && (pictures || drawn)) || (letters < STAMP_LETTERS && covered)) {
      scanned.add(pages);
      passages.add(new Passage(pages, ""));
    } else if (!found.isEmpty()) {
      if (characters + found.length() > limits.maxTextCharacters()) {
        found = found.substring(0, (int) (limits.maxTextCharacters() - characters));
        problems.add(Reading.truncated(limits.maxTextCharacters()));
        characters = limits.maxTextCharacters();
      }
      characters += found.length();
      passages.add(new Passage(pages, found));
    }
  }

  private static double area(PDPage page) {
    PDRectangle box = page.getCropBox();
    return (double) box.getWidth() * box.getHeight();
  }

  @Override
  protected void processOperator(Operator operator, List<COSBase> operands) throws IOException {
    String name = operator.getName();
    if (name.equals("BI") || (name.equals("Do") && isPicture(operands))) {
      pictures = true;
      var matrix = getGraphicsState().getCurrentTransformationMatrix();
      pictureArea += Math.abs((double) matrix.getScalingFactorX() * matrix.getScalingFactorY());
    } else if (PAINTING.contains(name)) {
      strokes++;
    }
    super.processOperator(operator, operands);
  }

  /** Counts what is shown as text, also where the font does not tell which letters it shows. */
  @Override
  protected void showGlyph(Matrix matrix, PDFont font, int code, Vector displacement)
      throws IOException {
    glyphs++;
    super.showGlyph(matrix, font, code, displacement);
  }

  private boolean isPicture(List<COSBase> operands) {
    return !operands.isEmpty()
        && operands.getFirst() instanceof COSName name
        && getResources() != null
        && getResources().isImageXObject(name);
  }

  /** What was filled into the form, which is no part of the pages' own text. */
  private void readFormFields(PDDocument document) {
    StringBuilder filled = new StringBuilder();
    try {
      PDAcroForm form = document.getDocumentCatalog().getAcroForm(null);
      if (form == null) {
        return;
      }
      int seen = 0;
      for (PDField field : form.getFieldTree()) {
        if (++seen > limits.maxEntries()) {
          break;
        }
        if (field instanceof PDNonTerminalField) {
          continue;
        }
        String value = clean(field.getValueAsString());
        if (!value.isEmpty() && !value.equals("Off") && visible(field)) {
          String label =
              field.getAlternateFieldName() == null
                  ? field.getPartialName()
                  : field.getAlternateFieldName();
          filled.append(clean(label)).append(": ").append(value).append('\n');
        }
      }
    } catch (RuntimeException e) {
      problems.add(
          new Problem(
              "CORRUPT", "", "the fields of the form can be read only in part: they are damaged"));
    }
    if (!filled.isEmpty() && characters + filled.length() <= limits.maxTextCharacters()) {
      passages.add(new Passage(pages, filled.toString().strip()));
    }
  }

  private static boolean visible(PDField field) {
    for (PDAnnotationWidget widget : field.getWidgets()) {
      if (!widget.isHidden() && !widget.isNoView()) {
        return true;
      }
    }
    return false;
  }

  /**
   * The text typed onto the page. Files pinned to it become entries; stamps and the like count as
   * pictures.
   */
  private String notes(PDPage page) {
    StringBuilder typed = new StringBuilder();
    try {
      for (PDAnnotation annotation : page.getAnnotations()) {
        if (annotation instanceof PDAnnotationFileAttachment pinned
            && pinned.getFile() instanceof PDComplexFileSpecification file) {
          attach(file.getFilename(), file);
        } else if (annotation instanceof PDAnnotationFreeText && annotation.getContents() != null) {
          typed.append(annotation.getContents().strip().replace('\r', '\n')).append('\n');
        } else if (SHOWN.contains(String.valueOf(annotation.getSubtype()))
            && annotation.getAppearance() != null) {
          pictures = true;
        }
      }
    } catch (IOException | RuntimeException e) {
      problems.add(
          new Problem(
              "CORRUPT",
              "",
              "the annotations of page " + pages + " cannot be read: they are damaged"));
    }
    return typed.toString();
  }

  private void readAttachments(PDDocument document) {
    try {
      PDDocumentNameDictionary names = document.getDocumentCatalog().getNames();
      if (names != null && names.getEmbeddedFiles() != null) {
        walk(names.getEmbeddedFiles(), 0);
      }
    } catch (IOException | RuntimeException e) {
      problems.add(
          new Problem("CORRUPT", "", "the list of attached files cannot be read: it is damaged"));
    }
  }

  private void walk(PDNameTreeNode<PDComplexFileSpecification> node, int depth) throws IOException {
    Map<String, PDComplexFileSpecification> files = node.getNames();
    if (files != null) {
      for (Map.Entry<String, PDComplexFileSpecification> each : files.entrySet()) {
        if (each.getValue() != null) {
          String name = each.getValue().getFilename();
          attach(name == null || name.isBlank() ? each.getKey() : name, each.getValue());
        }
      }
    }
    List<PDNameTreeNode<PDComplexFileSpecification>> kids = node.getKids();
    if (kids != null && depth < NAME_TREE_DEPTH) {
      for (PDNameTreeNode<PDComplexFileSpecification> kid : kids) {
        walk(kid, depth + 1);
      }
    }
  }

  private void attach(@Nullable String name, PDComplexFileSpecification file) {
    PDEmbeddedFile embedded = file.getEmbeddedFile();
    if (embedded != null) {
      String type = embedded.getSubtype();
      sink.add(
          name == null ? "" : name,
          "attachment-" + (sink.seen() + 1),
          type == null ? "" : type,
          embedded::createInputStream);
    }
  }
}
