#include "daedalus/clean.h"

#include <iterator>

#include "sink/qid_map.h"
#include "sink/work_directory.h"

namespace daedalus {

Leftovers remove_leftovers(const std::filesystem::path& output_root, bool dry_run) {
  Leftovers all = remove_stale_work_directories(output_root, dry_run);
  Leftovers maps = remove_stale_qid_maps(output_root, dry_run);
  all.removed.insert(all.removed.end(), maps.removed.begin(), maps.removed.end());
  std::ranges::move(maps.kept, std::back_inserter(all.kept));
  return all;
}

}  // namespace daedalus
