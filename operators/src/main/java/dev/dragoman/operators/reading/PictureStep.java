package dev.dragoman.operators.reading;

import dev.dragoman.models.Description;
import dev.dragoman.models.LanguageModelOptions;
import dev.dragoman.models.ModelException;
import dev.dragoman.models.PictureDescriber;
import dev.dragoman.models.catalog.CatalogEntry;
import dev.dragoman.models.vision.Pixels;
import dev.dragoman.multimodal.image.PictureFile;
import dev.dragoman.multimodal.image.PictureLimits;
import dev.dragoman.multimodal.worker.ServiceException;
import dev.dragoman.operators.OperatorContext;
import dev.dragoman.operators.Outcome;
import dev.dragoman.operators.SharedResource;
import dev.dragoman.operators.record.Annotation;
import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.ImagePart;
import dev.dragoman.operators.record.PartId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What steps that look at the pictures of documents have in common. */
final class PictureStep implements AutoCloseable {
  private final OperatorContext context;
  private final Findings findings;
  private final SharedResource.@Nullable Lease<PictureDescriber> model;

  /** A picture of a document. */
  record Seen(PartId part, Pixels pixels) {}

  /** Looks at all pictures of a document. */
  interface Look {
    List<Annotation> at(PictureDescriber model, List<Seen> pictures);
  }

  /**
   * Opens the model that the findings name.
   *
   * @throws ModelException if it is not installed and must be, or cannot be used
   */
  PictureStep(OperatorContext context, Findings findings, Transcribe.OnMissingModel onMissing) {
    this.context = context;
    this.findings = findings;
    String name = findings.model();
    if (context.models().installed(name)) {
      Path folder = context.models().require(name);
      this.model =
          SharedResource.lease(
              PictureDescriber.class,
              folder,
              () -> PictureDescriber.open(folder, LanguageModelOptions.defaults().threads()));
    } else if (onMissing == Transcribe.OnMissingModel.SKIP) {
      this.model = null;
    } else {
      throw missing();
    }
  }

  /** Which model is missing, and how to get it. */
  private ModelException missing() {
    String name = findings.model();
    return context
        .models()
        .catalog()
        .find(name)
        .<ModelException>map(CatalogEntry::missing)
        .orElseGet(() ->
            new ModelException(
                "model %s is not installed; put the folder of such a model somewhere and name it: %s.model: PATH"
                    .formatted(name, findings.info().name())));
  }

  Outcome apply(Document given, Look look) {
    List<ImagePart> pictures =
        given.partsOf(ImagePart.class).stream()
            .filter(part -> part.mediaType().startsWith("image/"))
            .toList();
    if (pictures.isEmpty()) {
      return new Outcome.Enriched(given);
    }
    SharedResource.@Nullable Lease<PictureDescriber> looking = model;
    if (looking == null) {
      String advice = String.valueOf(missing().getMessage());
      List<Annotation> skipped = new ArrayList<>();
      pictures.forEach(part -> skipped.add(findings.label(part.id(), "skipped", advice)));
      return new Outcome.Enriched(given.plus(skipped).with(findings.skipped(advice)));
    }
    List<Annotation> found = new ArrayList<>();
    List<Seen> seen = new ArrayList<>();
    for (ImagePart part : pictures) {
      try (LocalFile file = LocalFile.of(given, part.content(), context.contents())) {
        int page = Math.max(1, part.page());
        seen.add(
            new Seen(
                part.id(),
                Pixels.of(PictureFile.open(file.path(), PictureLimits.DEFAULT).page(page))));
      } catch (ServiceException e) {
        found.add(findings.failed(part.id(), e.code() + ": " + Findings.message(e)));
      } catch (IOException e) {
        return findings.unreadable(given, e);
      }
    }
    if (!seen.isEmpty()) {
      found.addAll(look.at(looking.get(), seen));
    }
    return new Outcome.Enriched(given.plus(found).with(findings.done()));
  }

  /** Labels with what was said; nothing where nothing was. */
  List<Annotation> labels(List<Seen> pictures, List<Description> said, String kind) {
    List<Annotation> labels = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      Description one = said.get(i);
      if (!one.text().isBlank()) {
        labels.add(
            new Annotation.Label(
                findings.in(pictures.get(i).part()), kind, one.text(), Math.exp(one.score())));
      }
    }
    return labels;
  }

  @Override
  public void close() {
    SharedResource.@Nullable Lease<PictureDescriber> opened = model;
    if (opened != null) {
      opened.close();
    }
  }
}
