// The strings of a list column in a Parquet file.
#pragma once

#include <parquet/column_writer.h>

#include <memory>

namespace daedalus {

/// A writer of one column chunk of strings that stand in lists: each distinct string once, in the
/// chunk's dictionary, and in the pages its number, in whole bytes.
///
/// Neighbouring rows of a user repeat the same lists, an element further each time. Arrow's own
/// writer packs numbers by the bit, so that Zstd finds no repeats in them; in plain strings it
/// finds them, but these are four times as long. Other readers see an ordinary RLE_DICTIONARY
/// column, of which no run is run-length encoded and whose bit width is a multiple of 8.
///
/// Takes arrays of strings, and dictionary arrays of distinct ones; numbers go by first appearance,
/// so that the bytes depend on the strings alone. Nothing reaches `pages`
/// before Close(): keep row groups so small that estimated_buffered_dict_bytes() stays bounded.
std::shared_ptr<parquet::ColumnWriter> make_string_list_writer(
    parquet::ColumnChunkMetaDataBuilder* metadata, std::unique_ptr<parquet::PageWriter> pages,
    const parquet::WriterProperties* properties);

/// Whether make_string_list_writer() is for such columns.
bool holds_strings_of_lists(const parquet::ColumnDescriptor& column);

}  // namespace daedalus
