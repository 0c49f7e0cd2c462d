// Aligned tables, and numbers as people read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace daedalus::cli {

enum class Align { kLeft, kRight };

/// Rows of cells under a head, two spaces between columns and none at the end of a line.
class Table {
 public:
  struct Column {
    std::string head;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Adds a row; cells that are missing at its end stay empty.
  void add(std::vector<std::string> row);

  /// All lines, each with its newline; no line for the head when every column's head is empty.
  [[nodiscard]] std::string to_string() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// "1,234,567".
std::string format_count(std::int64_t number);

/// "512 B", "1.5 kB", "22.1 MB": three digits or so, in powers of 1000.
std::string format_bytes(std::int64_t bytes);

/// "1.2 s", "75 s", "12m05s", "3h07m".
std::string format_seconds(double seconds);

}  // namespace daedalus::cli
