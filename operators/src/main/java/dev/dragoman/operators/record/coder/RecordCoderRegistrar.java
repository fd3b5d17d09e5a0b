package dev.dragoman.operators.record.coder;

import dev.dragoman.operators.record.Document;
import dev.dragoman.operators.record.Rejected;
import java.util.List;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviderRegistrar;
import org.apache.beam.sdk.coders.CoderProviders;
import org.apache.beam.sdk.values.TypeDescriptor;

/** Tells every pipeline which coders the record has; found through {@code META-INF/services}. */
public final class RecordCoderRegistrar implements CoderProviderRegistrar {
  @Override
  public List<CoderProvider> getCoderProviders() {
    return List.of(
        CoderProviders.forCoder(TypeDescriptor.of(Document.class), DocumentCoder.of()),
        CoderProviders.forCoder(TypeDescriptor.of(Rejected.class), RejectedCoder.of()));
  }
}
