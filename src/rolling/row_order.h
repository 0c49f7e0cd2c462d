// From the order in which engines make rows to the order in which a caller gave them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "daedalus/pit_table.h"

namespace daedalus {

/// All that `engine` makes, in chunks.
std::shared_ptr<arrow::Table> all_rows(PitEngine& engine);

/// `places`: one column, of each row by its id the place that it was given at. Of each place the
/// row's id; empty when these are equal.
std::vector<std::int64_t> row_ids_by_place(const arrow::Table& places);

/// Row `rows[i]` of `table` as row i, for all i; in chunks, so that no size of lists is too much.
/// A column of `table` goes as soon as it was copied, if nobody else has it. Throws
/// Error{kEnvironment} when memory runs out.
std::shared_ptr<arrow::Table> rows_in_order(std::shared_ptr<arrow::Table> table,
                                            const std::vector<std::int64_t>& rows);

}  // namespace daedalus
