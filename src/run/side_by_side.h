// Several sources of columns of the same rows, read side by side.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace arrow {
class Table;
}

namespace daedalus {

/// Gives the next rows of its source: at most as many as asked for, at least one until the last.
using ColumnSource = std::function<std::shared_ptr<arrow::Table>(std::int64_t rows)>;

/// Reads its sources at one pace, though each gives as many rows at a time as it likes.
class SideBySide {
 public:
  /// `threads`: the most in which sources make their rows at once.
  SideBySide(std::vector<ColumnSource> sources, int threads)
      : sources_(std::move(sources)), threads_(threads) {}

  /// The next rows, at most `rows` of them, with the columns of all sources; no rows after the
  /// last. Throws Error{kBug} when a source ends before another.
  std::shared_ptr<arrow::Table> next(std::int64_t rows);

 private:
  std::vector<ColumnSource> sources_;
  int threads_;
  std::vector<std::shared_ptr<arrow::Table>> ahead_;  // of each source, what was not given out
};

}  // namespace daedalus
