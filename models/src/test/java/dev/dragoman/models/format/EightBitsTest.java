package dev.dragoman.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dragoman.models.ModelException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EightBitsTest {
  private final Random random = new Random(71);

  @ParameterizedTest
  @ValueSource(floats = {1e6f, 1, 0.05f, 1e-4f, 1e-6f, 3e-8f})
  void everyNumberIsOffByHalfAScaleAtMostAndNoneIsCutOff(float size) {
    float[] numbers = new float[7 * 96];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian() * size;
    }
    Tensor tensor = EightBits.tensor("w", 7, 96, numbers);
    assertThat(tensor.type()).isEqualTo(DType.Q8_0);
    assertThat(tensor.shape()).containsExactly(7, 96);
    float[] rounded = tensor.floats();
    byte[] codes = new byte[96];
    float[] scales = new float[3];
    for (int row = 0; row < 7; row++) {
      new BlockCodes(DType.Q8_0).row(tensor, row, codes, scales, new float[3]);
      for (int i = 0; i < 96; i++) {
        int at = row * 96 + i;
        assertThat((double) Math.abs(rounded[at] - numbers[at]))
            .isLessThanOrEqualTo(scales[i / 32] * 0.500001);
        assertThat(codes[i]).isNotEqualTo(Byte.MIN_VALUE);
      }
    }
  }

  @Test
  void theLargestNumberOfABlockHasTheLargestCode() {
    float[] numbers = new float[64];
    numbers[5] = -0.73f;
    numbers[40] = 0.31f;
    byte[] codes = new byte[64];
    Tensor tensor = EightBits.tensor("w", 1, 64, numbers);
    new BlockCodes(DType.Q8_0).row(tensor, 0, codes, new float[2], new float[2]);
    assertThat(codes[5]).isEqualTo((byte) -127);
    assertThat(codes[40]).isEqualTo((byte) 127);
  }

  @Test
  void zerosStayZeros() {
    assertThat(EightBits.tensor("w", 2, 32, new float[64]).floats()).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1e7f})
  void whatDoesNotFitIsRefusedByName(float number) {
    float[] numbers = new float[32];
    numbers[9] = number;
    assertThatThrownBy(() -> EightBits.tensor("layer.0.weight", 1, 32, numbers))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("layer.0.weight has the number " + number)
        .hasMessageContaining("single precision");
  }
}
