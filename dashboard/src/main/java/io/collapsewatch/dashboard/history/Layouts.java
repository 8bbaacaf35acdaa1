package io.collapsewatch.dashboard.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists of keys, each stored once: a report's numbers are only the values, in the order of its
 * list. So what was written by a build with other metrics stays readable.
 */
final class Layouts {

  private static final int REMEMBERED = 1000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Long> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** The id of the list of these keys. */
  long id(Statements statements, Collection<String> keys) throws SQLException {
    String list = toJson(keys);
    Long id = known.get(list);
    if (id == null) {
      statements.update("INSERT INTO layouts(keys) VALUES(?) ON CONFLICT DO NOTHING", list);
      id =
          statements
              .first(row -> row.getLong(1), "SELECT id FROM layouts WHERE keys = ?", list)
              .orElseThrow();
      known.put(list, id);
    }
    return id;
  }

  /** Ids of a transaction that was rolled back may be gone. */
  void forget() {
    known.clear();
  }

  static List<String> keys(Statements statements, long id) throws SQLException {
    return fromJson(
        statements
            .first(row -> row.getString(1), "SELECT keys FROM layouts WHERE id = ?", id)
            .orElseThrow());
  }

  private static String toJson(Collection<String> keys) {
    try {
      return JSON.writeValueAsString(keys);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts is always JSON", e);
    }
  }

  private static List<String> fromJson(String list) {
    try {
      return List.of(JSON.readValue(list, String[].class));
    } catch (JsonProcessingException e) {
      throw new HistoryException("a list of keys of the history is damaged: " + list, e);
    }
  }

  static byte[] pack(Collection<Double> numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Double.BYTES * numbers.size()).order(ByteOrder.LITTLE_ENDIAN);
    numbers.forEach(bytes::putDouble);
    return bytes.array();
  }
}
