#include "rolling/pit_history.h"

#include <arrow/api.h>

#include <algorithm>
#include <limits>
#include <ranges>

#include "daedalus/error.h"

namespace daedalus {
namespace {

using Agg = AggregationSpec::Agg;

std::int64_t saturated_difference(std::int64_t time, std::int64_t window) {
  std::int64_t result = 0;
  return __builtin_sub_overflow(time, window, &result) ? std::numeric_limits<std::int64_t>::min()
                                                       : result;
}

// Copies elements [begin, end) of `from` but for NULLs, and says of each how far it was copied.
template <typename Kept>
void copy_valid(const arrow::Array& from, std::int64_t begin, std::int64_t end, RunCopier& to,
                Kept kept) {
  std::int64_t run = begin;
  for (std::int64_t i = begin; i < end; ++i) {
    if (from.IsValid(i)) {
      kept();
      continue;
    }
    to.append(run, i - run);
    run = i + 1;
  }
  to.append(run, end - run);
}

}  // namespace

PitHistory::PitHistory(const PitSpec& pit, const std::vector<char>& takes, const EventBlock& events,
                       const RowBlock& rows, const std::shared_ptr<arrow::DataType>& list_type,
                       arrow::MemoryPool* pool)
    : pit_(pit),
      takes_(takes),
      rows_(rows),
      distinct_(pit.spec.distinct || pit.spec.flatten_distinct || pit.spec.cumulative),
      stop_(pit.output_names.size()) {
  if (pit.spec.agg == Agg::kCount) {
    count_events(events);
    counts_.resize(stop_.size());
    return;
  }
  if (pit.spec.exclude_self) own_ = rows.own_values(pit.spec.column, events);
  list_elements(events, list_type, pool);
}

void PitHistory::count_events(const EventBlock& events) {
  for (std::size_t key = 0; key + 1 < events.key_begin.size(); ++key) {
    key_begin_.push_back(static_cast<std::int64_t>(time_.size()));
    for (std::int64_t i = events.key_begin[key]; i < events.key_begin[key + 1]; ++i) {
      if (takes_[events.name[i]] != 0) time_.push_back(events.time[i]);
    }
  }
  key_begin_.push_back(static_cast<std::int64_t>(time_.size()));
}

void PitHistory::list_elements(const EventBlock& events,
                               const std::shared_ptr<arrow::DataType>& list_type,
                               arrow::MemoryPool* pool) {
  const ColumnValues values = events.values(pit_.spec.column);
  const auto* nested = pit_.spec.flatten_distinct
                           ? static_cast<const arrow::ListArray*>(values.array.get())
                           : nullptr;
  const std::shared_ptr<arrow::Array> source = nested != nullptr ? nested->values() : values.array;
  const std::unique_ptr<RunCopier> elements = make_run_copier({source}, pool);
  for (std::size_t key = 0; key + 1 < events.key_begin.size(); ++key) {
    key_begin_.push_back(static_cast<std::int64_t>(time_.size()));
    for (std::int64_t i = events.key_begin[key]; i < events.key_begin[key + 1]; ++i) {
      if (takes_[events.name[i]] == 0) continue;
      const std::int64_t at = values.place(i);
      if (values.array->IsNull(at)) continue;
      const std::int64_t begin = nested != nullptr ? nested->value_offset(at) : at;
      const std::int64_t length = nested != nullptr ? nested->value_length(at) : 1;
      copy_valid(*source, begin, begin + length, *elements,
                 [&] { time_.push_back(events.time[i]); });
    }
  }
  key_begin_.push_back(static_cast<std::int64_t>(time_.size()));
  const std::shared_ptr<arrow::Array> contiguous = elements->finish();
  for (std::size_t i = 0; i < stop_.size(); ++i)
    lists_.emplace_back(list_type, arrow::ArrayVector{contiguous}, pool);
  if (distinct_ || own_.array != nullptr) {
    codes_ = ElementCodes(contiguous);
    newest_.assign(codes_.size(), kNone);
    excluded_by_.assign(codes_.size(), kNone);
    older_.assign(time_.size(), kNone);
    if (distinct_) newer_.assign(time_.size(), kNone);
  }
}

void PitHistory::add_row(std::int64_t row) {
  const std::int32_t key = rows_.key[row];
  if (key >= 0) seek(key, rows_.time[row]);
  if (key >= 0 && own_.array != nullptr) exclude_own(row);
  for (std::size_t window = 0; window < stop_.size(); ++window) {
    if (pit_.spec.agg == Agg::kCount) {
      counts_[window].push_back(key < 0 ? 0 : stop_[window] - start_);
      continue;
    }
    if (key >= 0) add_list(window);
    lists_[window].end_row();
  }
}

// Moves the sweep to (key, time).
void PitHistory::seek(std::int32_t key, std::int64_t time) {
  const std::int64_t begin = key_begin_[key];
  if (key != key_ || time < now_) {
    leave_key();
    key_ = key;
    start_ = key_begin_[key + 1];
    std::ranges::fill(stop_, start_);
  }
  now_ = time;
  while (start_ > begin && time_[start_ - 1] < time) enter(--start_);
  if (pit_.spec.cumulative) return;
  for (std::size_t window = 0; window < stop_.size(); ++window) {
    const std::int64_t oldest = saturated_difference(time, pit_.spec.windows[window].micros);
    std::int64_t& stop = stop_[window];
    while (stop > begin && time_[stop - 1] < oldest) --stop;
  }
}

// `element` is before the present time now.
void PitHistory::enter(std::int64_t element) {
  if (newest_.empty()) return;
  std::int64_t& newest = newest_[codes_.codes()[element]];
  if (!distinct_) {
    older_[element] = newest;
    newest = element;
    return;
  }
  if (newest != kNone) {
    const std::int64_t before = newer_[newest];
    const std::int64_t after = older_[newest];
    (before == kNone ? head_ : older_[before]) = after;
    if (after != kNone) newer_[after] = before;
  }
  older_[element] = head_;
  newer_[element] = kNone;
  if (head_ != kNone) newer_[head_] = element;
  head_ = element;
  newest = element;
}

void PitHistory::leave_key() {
  head_ = kNone;
  if (key_ < 0 || newest_.empty()) return;
  for (std::int64_t i = start_; i < key_begin_[key_ + 1]; ++i) newest_[codes_.codes()[i]] = kNone;
}

void PitHistory::exclude_own(std::int64_t row) {
  exclusion_ = row;
  own_code_ = -1;
  const arrow::Array& own = *own_.array;
  const std::int64_t place = own_.place(row);
  if (own.IsNull(place)) return;
  const auto exclude = [&](const arrow::Array& values, std::int64_t index) {
    own_code_ = codes_.find(values, index);
    if (own_code_ >= 0) excluded_by_[own_code_] = row;
  };
  if (!pit_.spec.flatten_distinct) return exclude(own, place);
  const auto& lists = static_cast<const arrow::ListArray&>(own);
  for (std::int64_t i = 0; i < lists.value_length(place); ++i)
    exclude(*lists.values(), lists.value_offset(place) + i);
}

// Calls `visit(begin, length)` with the runs of elements that the window's list holds, newest
// first, until it returns false.
template <typename Visit>
void PitHistory::visit_runs(std::size_t window, Visit visit) const {
  const std::int64_t stop = stop_[window];
  std::int64_t run = start_;
  if (!distinct_) {
    const bool excludes = own_.array != nullptr && own_code_ >= 0;
    for (std::int64_t i = excludes ? newest_[own_code_] : kNone; i != kNone && i < stop;
         i = older_[i]) {
      if (!visit(run, i - run)) return;
      run = i + 1;
    }
    visit(run, stop - run);
    return;
  }
  std::int64_t end = run;
  for (std::int64_t i = head_; i != kNone && i < stop; i = older_[i]) {
    if (own_.array != nullptr && is_excluded(i)) continue;
    if (i != end) {
      if (!visit(run, end - run)) return;
      run = i;
    }
    end = i + 1;
  }
  visit(run, end - run);
}

void PitHistory::add_list(std::size_t window) {
  ListColumn& list = lists_[window];
  std::int64_t room = pit_.spec.max_length.value_or(std::numeric_limits<std::int64_t>::max());
  if (pit_.spec.order == AggregationSpec::Order::kNewestFirst) {
    visit_runs(window, [&](std::int64_t begin, std::int64_t length) {
      list.append(begin, std::min(length, room));
      room -= std::min(length, room);
      return room > 0;
    });
    return;
  }
  std::vector<std::pair<std::int64_t, std::int64_t>> runs;
  visit_runs(window, [&](std::int64_t begin, std::int64_t length) {
    runs.emplace_back(begin, std::min(length, room));
    room -= runs.back().second;
    return room > 0;
  });
  for (const auto& [begin, length] : std::views::reverse(runs)) {
    for (std::int64_t i = begin + length; i > begin; --i) list.append(i - 1, 1);
  }
}

std::int64_t PitHistory::bytes() const {
  std::int64_t sum = 0;
  for (const ListColumn& list : lists_) sum += list.bytes();
  return sum;
}

std::vector<std::shared_ptr<arrow::Array>> PitHistory::finish() {
  std::vector<std::shared_ptr<arrow::Array>> columns;
  for (ListColumn& list : lists_) columns.push_back(list.finish());
  for (std::vector<std::int64_t>& counts : counts_) {
    const auto rows = static_cast<std::int64_t>(counts.size());
    columns.push_back(
        std::make_shared<arrow::Int64Array>(rows, arrow::Buffer::FromVector(std::move(counts))));
    counts.clear();
  }
  return columns;
}

}  // namespace daedalus
