package io.collapsewatch.analyzer.stream;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test against the topology. */
abstract class TopologyTest {

  @TempDir Path stateDir;
  TopologyHarness topology;

  @BeforeEach
  void start() {
    topology = new TopologyHarness(stateDir);
  }

  @AfterEach
  void stop() {
    topology.close();
  }
}
