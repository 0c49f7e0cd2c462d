// How encoded feed columns become numbers: a join with a small relation of codes for each.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "plan/sql_library.h"

namespace daedalus {

/// The SELECT of the relation `events`, which has the feed's columns, with its encoded columns as
/// INTEGERs.
std::string encode_feed_columns_select(const Catalog& catalog, const SqlLibrary& sql,
                                       const std::string& events);

/// The SELECT that counts the values of `encoding` that it does not know, over `raw_feed`.
std::string unknown_values_select(const Catalog& catalog, const SqlLibrary& sql,
                                  const Encoding& encoding);

}  // namespace daedalus
