// A column that the catalog declares, and what one file has of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/text_shape.h"
#include "catalog/source_files.h"
#include "daedalus/config.h"

namespace daedalus {

/// What a column is for; decides which types it may have.
enum class ColumnRole {
  kPlain,
  kCode,       ///< Encoded: numbers leave as integers, all else as text.
  kKey,        ///< An id, of a user, an item or a session: text or an integer.
  kEvent,      ///< Text.
  kEventTime,  ///< The feed's time: as kTime, and leaves as a TIMESTAMP in any case.
  kTime,       ///< A timestamp or date; in CSV and JSON also ISO 8601 text.
};

/// A column that the catalog declares.
struct DeclaredColumn {
  std::string name;         ///< As Daedalus calls it.
  std::string source_name;  ///< As the source calls it.
  ColumnRole role = ColumnRole::kPlain;
  bool optional = false;
  std::string assumed_type = "VARCHAR";  ///< For a plan that is checked without any file.
  std::optional<TimeForm> time_form;     ///< What `times` says of it.
};

/// A declared column in one file.
struct FileColumn {
  std::string name;  ///< The file's own spelling.
  std::string sql;   ///< What reads it in the file's reader.
  std::string type;  ///< Of `sql`: a DuckDB type, or kNoValues.
  /// Its values, where `sql` is their text: in CSV, in JSON, and in the names of directories.
  std::optional<TextShape> text;
  std::size_t place = 0;   ///< Among the columns that the reader of a text file gives.
  bool from_path = false;  ///< `sql` reads the name of a directory.
};

/// A dataset after a look at its schema, and at its rows where these alone have types.
struct InspectedDataset {
  Dataset dataset;
  std::map<std::string, FileColumn> columns;  ///< By our name, those that it has.
  char delimiter = ',';                       ///< Of a CSV.
  std::size_t width = 0;                      ///< Of a CSV: how many columns it has.
  std::string reader_options;  ///< Of a text file: how it is read. Equal ones are read together.
  std::string error;           ///< What is wrong with it, "can't be read: …"; empty: it is fine.
  std::string fix;             ///< What would mend that.

  [[nodiscard]] bool is_fine() const { return error.empty(); }
  void fail(std::string what, std::string how_to_mend) {
    error = std::move(what);
    fix = std::move(how_to_mend);
  }
};

/// The place in `names` of the column that a source calls `wanted`: of its exact spelling, else of
/// the same letters in another case. None where no name matches. Throws Error{kInput} when two
/// match equally well: "has the columns 'Event' and 'EVENT', …".
std::optional<std::size_t> match_column(const std::vector<std::string>& names,
                                        const std::string& wanted);

/// A path of a real file, as a pattern that matches only it.
std::string escape_glob(const std::string& path);

}  // namespace daedalus
