// output_root/qid_map.parquet: the number of every published session, for ever.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daedalus/clean.h"
#include "engine/engine.h"

namespace daedalus {

/// Gives every session in `sessions_select` a qid and returns a SELECT over (`feed_session`, `qid`)
/// of these sessions, for a join. Known ones keep their number, new ones get the next, in the order
/// of `ordinal`.
///
/// `sessions_select` yields the columns `feed_session` and `ordinal`, in rows of any order, and
/// stands on its own: it runs in a new Engine with `settings`, which must allow the directories of
/// the map and of `snapshot`. A session that repeats counts at its
/// least ordinal, those that tie there by `feed_session`; a NULL session gets no number. So the
/// rows to be published will do, with their `event_timestamp AS ordinal`.
///
/// The returned SELECT reads `snapshot`, a file that this makes for the caller to keep as long as
/// it needs (in its WorkDirectory). The map itself won't do: DuckDB opens a file more than once in
/// a query, and another process may have replaced it in between.
///
/// The map is replaced by a rename before this returns, under an exclusive lock on `_qid_map.lock`
/// beside it, so several threads and processes may extend it at once; it isn't touched when there
/// is no new session. Integer sessions are kept as BIGINT (UBIGINT when the feed's are), whatever
/// their width.
///
/// Throws Error{kInput} when the map is unreadable, has other columns, holds NULLs, repeated
/// sessions or qids or one below 1, or when its sessions are text and the feed's are integers, or
/// the reverse; kEnvironment when it can't be written. The map is then as it was.
std::string extend_qid_map(const std::filesystem::path& output_root,
                           const std::string& sessions_select, const EngineSettings& settings,
                           const std::filesystem::path& snapshot);

/// Removes the link that a process was killed over and then the temporaries of maps, in order; with
/// `dry_run` only finds them. None while somebody extends the map.
Leftovers remove_stale_qid_maps(const std::filesystem::path& output_root, bool dry_run);

}  // namespace daedalus
