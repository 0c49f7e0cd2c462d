// Text as values of a type, as SQL: how CSV, JSON and names of directories get their types.
#pragma once

#include <string>

#include "base/text_shape.h"

namespace daedalus {

/// The text `sql` as a value of `type`; an error for one that doesn't fit. Naive times are of
/// `zone`.
std::string text_as(const std::string& sql, const std::string& type, const std::string& zone);

/// Lists or objects of text, `sql`, of shape.transform(), as values of shape.type().
std::string json_as(const std::string& sql, const TextShape& shape, const std::string& zone);

/// Whether a value of the text `sql`, not NULL, is one of the declared `type` as it stands: a
/// BOOLEAN expression, or empty where that can't be judged before it is read.
std::string text_is_a(const std::string& sql, const std::string& type);

/// The bit of types_of_text() that stands for the scalar `type`; 0 for another type.
std::uint8_t text_type_bit(const std::string& type);

}  // namespace daedalus
