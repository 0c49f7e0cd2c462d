// A library for LD_PRELOAD: the system calls of a process on files below one directory, of DuckDB,
// Arrow and ours alike, are noted, and one of them fails or is the last.
//
//   FAILING_DISK_ROOT=DIR        the directory, absolute and without links
//   FAILING_DISK_TRACE=FILE      append "OP PATH" for each call, the path below the directory
//   FAILING_DISK_FAULT=OP:N:WHAT the N-th call (from 1) of OP fails with the errno WHAT; OP `any`
//                                counts all; WHAT `kill` kills the process before the call is made.
//                                N `*` is every call
//   FAILING_DISK_FILES=PATTERN   only calls on such paths below the directory count, `*` being any
//                                text: several threads read and write, and the N-th call of all is
//                                another one from run to run
//
// OP is open, read, write, sync, rename, exchange (RENAME_EXCHANGE), lock, mkdir or remove.
#include <dlfcn.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

// Not declared by way of unistd.h, whose attributes and variadic forms differ.
extern "C" {
ssize_t readlink(const char* path, char* buffer, size_t size);
ssize_t write(int descriptor, const void* data, size_t bytes);
int close(int descriptor);
}

namespace {

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

const char* from_environment(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? "" : text;
}

// Where a name is relative, it is so to the working directory; the tests use no other.
std::string absolute(const char* path) {
  if (path == nullptr || *path == '/') return path == nullptr ? "" : path;
  char directory[PATH_MAX] = "";
  const ssize_t length = readlink("/proc/self/cwd", directory, sizeof directory - 1);
  return std::string(directory, length < 0 ? 0 : length) + "/" + path;
}

std::string path_of(int descriptor) {
  char target[PATH_MAX] = "";
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = readlink(link.c_str(), target, sizeof target - 1);
  return {target, static_cast<std::size_t>(length < 0 ? 0 : length)};
}

std::string path_at(int directory, const char* path) {
  if (directory == AT_FDCWD || (path != nullptr && *path == '/')) return absolute(path);
  return path_of(directory) + "/" + path;
}

struct Fault {
  std::string op;
  long at = 0;  // 0 is every call
  int number = 0;
  bool kills = false;
};

Fault parse(const std::string& text) {
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', first + 1);
  if (first == std::string::npos || second == std::string::npos) return {};
  const std::string what = text.substr(second + 1);
  return {text.substr(0, first), std::atol(text.c_str() + first + 1), std::atoi(what.c_str()),
          what == "kill"};
}

void note(const std::string& op, const std::string& path) {
  static const std::string trace = from_environment("FAILING_DISK_TRACE");
  if (trace.empty()) return;
  static const auto real_open = real<int(const char*, int, ...)>("open");
  static const auto real_write = real<ssize_t(int, const void*, size_t)>("write");
  const int file = real_open(trace.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  const std::string line = op + " " + path + "\n";
  static_cast<void>(!real_write(file, line.data(), line.size()));
  close(file);
}

// True when this call is to fail; errno is set then.
bool fails(const char* op, const std::string& path) {
  static const std::string root = std::string(from_environment("FAILING_DISK_ROOT")) + "/";
  if ((path + "/").compare(0, root.size(), root) != 0) return false;
  const std::string below = path.size() < root.size() ? "" : path.substr(root.size());
  const int errno_before = errno;
  note(op, below);
  errno = errno_before;
  static const Fault fault = parse(from_environment("FAILING_DISK_FAULT"));
  if (fault.op != op && fault.op != "any") return false;
  static const char* const files = std::getenv("FAILING_DISK_FILES");
  if (files != nullptr && fnmatch(files, below.c_str(), 0) != 0) return false;
  static std::atomic<long> calls{0};
  if (++calls != fault.at && fault.at != 0) return false;
  if (fault.kills) raise(SIGKILL);
  errno = fault.number;
  return true;
}

}  // namespace

extern "C" {

#define OPEN(name)                                                       \
  int name(const char* path, int flags, ...) {                           \
    va_list rest;                                                        \
    va_start(rest, flags);                                               \
    const mode_t mode = va_arg(rest, mode_t);                            \
    va_end(rest);                                                        \
    static const auto next = real<int(const char*, int, mode_t)>(#name); \
    return fails("open", absolute(path)) ? -1 : next(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

int openat(int directory, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  static const auto next = real<int(int, const char*, int, mode_t)>("openat");
  return fails("open", path_at(directory, path)) ? -1 : next(directory, path, flags, mode);
}

ssize_t read(int descriptor, void* data, size_t bytes) {
  static const auto next = real<ssize_t(int, void*, size_t)>("read");
  return fails("read", path_of(descriptor)) ? -1 : next(descriptor, data, bytes);
}

ssize_t write(int descriptor, const void* data, size_t bytes) {
  static const auto next = real<ssize_t(int, const void*, size_t)>("write");
  return fails("write", path_of(descriptor)) ? -1 : next(descriptor, data, bytes);
}

#define AT_OFFSET(name, op, pointer)                                                    \
  ssize_t name(int descriptor, pointer data, size_t bytes, off_t offset) {              \
    static const auto next = real<ssize_t(int, pointer, size_t, off_t)>(#name);         \
    return fails(op, path_of(descriptor)) ? -1 : next(descriptor, data, bytes, offset); \
  }
AT_OFFSET(pread, "read", void*)
AT_OFFSET(pread64, "read", void*)
AT_OFFSET(pwrite, "write", const void*)
AT_OFFSET(pwrite64, "write", const void*)

int fsync(int descriptor) {
  static const auto next = real<int(int)>("fsync");
  return fails("sync", path_of(descriptor)) ? -1 : next(descriptor);
}

int rename(const char* from, const char* to) {
  static const auto next = real<int(const char*, const char*)>("rename");
  return fails("rename", absolute(to)) ? -1 : next(from, to);
}

// Another name here: that of the function is a struct in fcntl.h.
int lock_file(int descriptor, int operation) __asm__("flock");
int lock_file(int descriptor, int operation) {
  static const auto next = real<int(int, int)>("flock");
  return fails("lock", path_of(descriptor)) ? -1 : next(descriptor, operation);
}

int mkdir(const char* path, mode_t mode) {
  static const auto next = real<int(const char*, mode_t)>("mkdir");
  return fails("mkdir", absolute(path)) ? -1 : next(path, mode);
}

int rmdir(const char* path) {
  static const auto next = real<int(const char*)>("rmdir");
  return fails("remove", absolute(path)) ? -1 : next(path);
}

int unlink(const char* path) {
  static const auto next = real<int(const char*)>("unlink");
  return fails("remove", absolute(path)) ? -1 : next(path);
}

int unlinkat(int directory, const char* path, int flags) {
  static const auto next = real<int(int, const char*, int)>("unlinkat");
  return fails("remove", path_at(directory, path)) ? -1 : next(directory, path, flags);
}

// Only the exchange of names is looked at; all others are passed on.
long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a[6];
  for (long& each : a) each = va_arg(rest, long);
  va_end(rest);
  static const auto next = real<long(long, ...)>("syscall");
  if (number == SYS_renameat2 && fails("exchange", absolute(reinterpret_cast<char*>(a[3]))))
    return -1;
  return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
}
