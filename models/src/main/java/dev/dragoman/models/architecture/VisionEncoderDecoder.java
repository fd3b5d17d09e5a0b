package dev.dragoman.models.architecture;

import dev.dragoman.models.ModelException;
import dev.dragoman.models.format.ModelConfig;
import dev.dragoman.models.format.Weights;
import dev.dragoman.models.kernel.Matrix;
import java.util.Optional;

/**
 * A picture's encoder before a text's decoder, each an architecture of its own: ViT or DeiT, and
 * GPT-2 or TrOCR's.
 *
 * <p>Paper: <a href="https://arxiv.org/abs/2109.10282">Li et al., 2021</a>. Reference
 * implementation: <a
 * href="https://github.com/huggingface/transformers/blob/main/src/transformers/models/vision_encoder_decoder/modeling_vision_encoder_decoder.py">transformers,
 * modeling_vision_encoder_decoder.py</a>.
 */
final class VisionEncoderDecoder {
  private VisionEncoderDecoder() {}

  static PictureModel open(Checkpoint checkpoint) {
    ModelConfig file = checkpoint.config();
    file.only("model_type", "vision-encoder-decoder");
    for (String name : file.texts("architectures")) {
      if (!name.equals("VisionEncoderDecoderModel")) {
        throw file.wrong("architectures", "VisionEncoderDecoderModel");
      }
    }
    TowerSizes.expectWhole(file);
    file.ignore("processor_class");
    ModelConfig seeing = file.section("encoder");
    ModelConfig writing = file.section("decoder");
    file.refuseOthers();
    if (!Vit.isOne(seeing)) {
      throw seeing.wrong("model_type", "vit or deit, in the section of the encoder");
    }
    Weights weights = checkpoint.weights();
    VisionTower tower =
        Vit.open(new Checkpoint(seeing, weights.part("encoder."), checkpoint.kernels(), false));
    String kind = writing.text("model_type");
    String widthKey = kind.equals("gpt2") ? "n_embd" : "d_model";
    int width = writing.positive(widthKey, kind.equals("gpt2") ? 768 : 1024);
    int own = writing.whole("cross_attention_hidden_size", 0);
    if (own != 0 && own != tower.width()) {
      throw writing.wrong(
          "cross_attention_hidden_size", "the width " + tower.width() + " of the encoder");
    }
    boolean bridged = own == 0 && width != tower.width();
    Optional<Matrix> bridge =
        bridged
            ? Optional.of(checkpoint.linear("enc_to_dec_proj", width, tower.width(), true))
            : Optional.empty();
    Checkpoint part =
        new Checkpoint(writing, weights.part("decoder."), checkpoint.kernels(), false);
    int seen = bridged ? width : tower.width();
    Decoder decoder =
        switch (kind) {
          case "gpt2" -> Gpt2.openCrossing(part, seen);
          case "trocr" -> TrOcr.open(part, seen);
          default ->
              throw writing.wrong("model_type", "gpt2 or trocr, in the section of the decoder");
        };
    checkpoint.refuseOthers("encoder and decoder of pictures");
    if (!decoder.hasHead()) {
      throw new ModelException("the decoder has no head, so that it cannot write");
    }
    return new PictureWriter(checkpoint.kernels(), tower, bridge, Optional.empty(), decoder);
  }
}
