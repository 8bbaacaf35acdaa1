package io.collapsewatch.dashboard.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {

  private final Buckets<String> buckets = new Buckets<>(4, String::concat);

  @Test
  void aShortSequenceIsKeptAsItIs() {
    add("a", "b", "c", "d");
    assertThat(buckets.toList()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void neighboursAreMergedWhenThereAreTooMany() {
    add("a", "b", "c", "d", "e");
    assertThat(buckets.toList()).containsExactly("ab", "cd", "e");
    add("f", "g", "h");
    assertThat(buckets.toList()).containsExactly("ab", "cd", "ef", "gh");
    add("i");
    assertThat(buckets.toList()).containsExactly("abcd", "efgh", "i");
  }

  @Test
  void nothingIsLostAndTheirNumberIsBounded() {
    Buckets<Integer> counts = new Buckets<>(10, Integer::sum);
    for (int n = 1; n <= 10_000; n++) {
      counts.add(1);
      assertThat(counts.toList()).hasSizeBetween(Math.min(n, 5), 10);
      assertThat(counts.toList().stream().mapToInt(Integer::intValue).sum()).isEqualTo(n);
    }
    // 10000 in buckets of 1024, the smallest power of two of which ten are enough.
    assertThat(counts.toList())
        .containsExactlyElementsOf(
            IntStream.range(0, 10).mapToObj(i -> i < 9 ? 1024 : 784).toList());
  }

  @Test
  void anOddNumberIsRefused() {
    assertThatThrownBy(() -> new Buckets<>(5, String::concat))
        .hasMessage("there may be 5 buckets; expected an even number of at least 2");
  }

  private void add(String... all) {
    for (String one : all) {
      buckets.add(one);
    }
  }
}
