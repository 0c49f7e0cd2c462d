#include "daedalus/clean.h"

#include "sink/publish.h"
#include "sink/qid_map.h"

namespace daedalus {

std::vector<std::filesystem::path> remove_leftovers(const std::filesystem::path& output_root,
                                                    bool dry_run) {
  std::vector<std::filesystem::path> removed = remove_stale_work_directories(output_root, dry_run);
  for (auto& path : remove_stale_qid_maps(output_root, dry_run)) removed.push_back(path);
  return removed;
}

}  // namespace daedalus
