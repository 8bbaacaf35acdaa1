package io.collapsewatch.launcher.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.collapsewatch.protocol.Topics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

  @TempDir Path folder;

  @Test
  void keepsItsRecordsFromOneStartToTheNext() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
        Admin admin = admin(broker)) {
      TopicSetup.EMBEDDED.ensure(admin);
      produce(broker, "kept");
      assertThat(consume(broker)).isEqualTo("kept");
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      assertThat(consume(broker)).isEqualTo("kept");
    }
  }

  @Test
  void createsTheTopicsAndRefusesAnotherNumberOfPartitions() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
        Admin admin = admin(broker)) {
      admin.createTopics(List.of(new NewTopic("somebody.elses", 7, (short) 1))).all().get();

      TopicSetup.EMBEDDED.ensure(admin);
      TopicSetup.EMBEDDED.ensure(admin);

      assertThat(partitions(admin, Topics.CAPTURE)).isEqualTo(4);
      assertThat(partitions(admin, Topics.REPORTS)).isEqualTo(4);
      assertThat(partitions(admin, Topics.ALERTS)).isEqualTo(4);
      assertThat(partitions(admin, Topics.CURVES)).isEqualTo(4);
      assertThat(partitions(admin, Topics.DEAD_LETTERS)).isEqualTo(1);
      assertThat(retention(admin, Topics.CAPTURE)).isEqualTo(Duration.ofHours(6));
      assertThat(retention(admin, Topics.REPORTS)).isEqualTo(Duration.ofDays(7));
      assertThat(retention(admin, Topics.ALERTS)).isEqualTo(Duration.ofDays(7));
      assertThat(retention(admin, Topics.DEAD_LETTERS)).isEqualTo(Duration.ofDays(1));
      assertThatThrownBy(() -> TopicSetup.cluster(6).ensure(admin))
          .isInstanceOf(RefusedStartException.class)
          .hasMessage(
              "topic collapsewatch.capture.v1 has 4 partitions and 6 are configured; another number would move runs to other partitions, so start with --partitions 4");
      TopicSetup.CLUSTER.ensure(admin);
      assertThat(partitions(admin, Topics.CAPTURE)).as("adopted").isEqualTo(4);
    }
  }

  @Test
  void namesTheFlagWhenThePortIsTaken() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      assertThatThrownBy(() -> EmbeddedBroker.start(folder, port))
          .isInstanceOf(RefusedStartException.class)
          .hasMessage("port %d is taken; choose another with --broker-port", port);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void namesTheFolderWhenAnotherProcessHasIt() {
    try (FolderLock holder = FolderLock.take(folder)) {
      assertThat(holder).isNotNull();
      assertThatThrownBy(() -> EmbeddedBroker.start(folder, 0))
          .isInstanceOf(RefusedStartException.class)
          .hasMessage(
              "the data folder %s is in use by another process; stop that one or choose another with --data",
              folder);
    }
  }

  private static Admin admin(EmbeddedBroker broker) {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static int partitions(Admin admin, String topic) throws Exception {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .size();
  }

  private static Duration retention(Admin admin, String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    String ms =
        admin
            .describeConfigs(List.of(resource))
            .all()
            .get()
            .get(resource)
            .get("retention.ms")
            .value();
    return Duration.ofMillis(Long.parseLong(ms));
  }

  private static void produce(EmbeddedBroker broker, String text) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(Topics.CAPTURE, 0, null, text.getBytes(UTF_8))).get();
    }
  }

  private static String consume(EmbeddedBroker broker) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(Topics.CAPTURE, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(20))) {
        return new String(record.value(), UTF_8);
      }
      throw new AssertionError("no record within 20 s");
    }
  }
}
