package io.collapsewatch.analyzer.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.collapsewatch.analyzer.window.NormHistory;
import io.collapsewatch.analyzer.window.RunState;
import org.junit.jupiter.api.Test;

/** What a changelog holds of the build before runs were judged. */
class EarlierStateTest {

  private final JsonSerde<RunState> serde = new JsonSerde<>(RunState.class);

  @Test
  void aRunWithNormsByLayerAndAPhaseIsRead() {
    String now = new String(serde.serializer().serialize("runs", RunState.UNKNOWN), UTF_8);
    String norms = "\"layerNorms\":{\"step\":0,\"newest\":{},\"stepBefore\":0,\"before\":{}}";
    assertThat(now).contains(norms);
    String earlier =
        now.replace(
            norms,
            "\"layerNorms\":{\"fc1\":1.5},"
                + "\"phase\":{\"state\":\"FITTING\",\"reason\":\"no samples yet\",\"sinceMs\":1}");

    RunState read = serde.deserializer().deserialize("runs", earlier.getBytes(UTF_8));

    assertThat(read.layerNorms()).isEqualTo(NormHistory.EMPTY);
  }
}
