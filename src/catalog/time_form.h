// Times in another form than a timestamp, as SQL.
#pragma once

#include <string>

#include "daedalus/config.h"

namespace daedalus {

/// The naive TIMESTAMP `sql`, of the zone `zone`, in UTC. An hour that the zone has twice is the
/// later one; one that it skips is moved by what it skips.
std::string naive_to_utc(const std::string& sql, const std::string& zone);

/// Whether values of `type` can be times in `form`: text, and for epochs numbers too.
bool can_have_form(const std::string& type, const TimeForm& form);

/// `form` as the configuration writes it.
std::string to_string(const TimeForm& form);

/// The value of `sql`, of `type`, as a TIMESTAMP in UTC. NULL stays; a value that doesn't fit is an
/// error that names it and the column `name`. Naive times of a text are of `zone`.
std::string time_of_form(const std::string& sql, const std::string& type, const TimeForm& form,
                         const std::string& zone, const std::string& name);

/// Whether the text `sql`, not NULL, fits `form`: a BOOLEAN expression.
std::string text_has_form(const std::string& sql, const TimeForm& form);

/// The ISO 8601 text `sql` as a TIMESTAMP in UTC, naive times being of `zone`.
std::string iso_text_to_time(const std::string& sql, const std::string& zone);

}  // namespace daedalus
