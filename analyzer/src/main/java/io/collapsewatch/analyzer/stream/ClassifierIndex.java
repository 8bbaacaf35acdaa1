package io.collapsewatch.analyzer.stream;

import io.collapsewatch.protocol.CaptureHeader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which classifiers of a layer are kept, oldest first.
 *
 * @param next number of the next one
 * @param entries those kept
 */
record ClassifierIndex(long next, List<Entry> entries) {

  static final ClassifierIndex EMPTY = new ClassifierIndex(0, List.of());

  /**
   * A classifier, perhaps with parts still to come.
   *
   * @param number its place among all classifiers of the layer
   * @param rank the rank that sent it
   * @param parts how many parts it has
   * @param received which of them are there
   */
  record Entry(
      long number,
      long step,
      Optional<String> snapshot,
      int rank,
      int parts,
      SortedSet<Integer> received) {

    Entry {
      received = Collections.unmodifiableSortedSet(new TreeSet<>(received));
    }

    boolean complete() {
      return received.size() == parts;
    }

    private static Entry startedBy(CaptureHeader header, long number) {
      return new Entry(
          number, header.step(), header.snapshot(), header.rank(), header.parts(), new TreeSet<>());
    }

    private boolean lacks(CaptureHeader header) {
      return step == header.step()
          && rank == header.rank()
          && parts == header.parts()
          && snapshot.equals(header.snapshot())
          && !received.contains(header.part());
    }

    private Entry with(int part) {
      TreeSet<Integer> more = new TreeSet<>(received);
      more.add(part);
      return new Entry(number, step, snapshot, rank, parts, more);
    }
  }

  ClassifierIndex {
    entries = List.copyOf(entries);
  }

  /** The entry that a part belongs to: the newest one that lacks it, else a new one. */
  Entry entryFor(CaptureHeader part) {
    return entries.stream()
        .filter(entry -> entry.lacks(part))
        .max(Comparator.comparingLong(Entry::number))
        .orElseGet(() -> Entry.startedBy(part, next));
  }

  /** The index with a part added to {@code entry}, which is {@link #entryFor} it. */
  ClassifierIndex with(int part, Entry entry) {
    List<Entry> changed = new ArrayList<>(entries);
    changed.remove(entry);
    changed.add(entry.with(part));
    changed.sort(Comparator.comparingLong(Entry::number));
    return new ClassifierIndex(Math.max(next, entry.number() + 1), changed);
  }

  /**
   * The index with only the newest {@code kept} of training, the newest {@code kept} of passes, and
   * those that a report about one of {@code steps} would use.
   */
  ClassifierIndex keeping(int kept, Collection<Long> steps) {
    Set<Entry> keep = new HashSet<>();
    keep.addAll(newest(kept, e -> e.snapshot().isEmpty()));
    keep.addAll(newest(kept, e -> e.snapshot().isPresent()));
    steps.forEach(step -> upTo(step).ifPresent(keep::add));
    return new ClassifierIndex(next, entries.stream().filter(keep::contains).toList());
  }

  private List<Entry> newest(int count, Predicate<Entry> which) {
    List<Entry> group = entries.stream().filter(which).toList();
    return group.subList(Math.max(0, group.size() - count), group.size());
  }

  /** The complete classifier of a pass. */
  Optional<Entry> ofPass(String snapshot) {
    return entries.stream()
        .filter(Entry::complete)
        .filter(e -> e.snapshot().equals(Optional.of(snapshot)))
        .max(Comparator.comparingLong(Entry::number));
  }

  /** The complete classifier of the highest step up to {@code step}. */
  Optional<Entry> upTo(long step) {
    return entries.stream()
        .filter(Entry::complete)
        .filter(e -> e.step() <= step)
        .max(Comparator.comparingLong(Entry::step).thenComparingLong(Entry::number));
  }
}
