#include "parallel.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace nt::fast {
namespace {

using Work = std::function<void(std::int64_t begin, std::int64_t end)>;

thread_local bool inside = false;  // a part that is shared already

/// How often a thread looks for work before it sleeps: some 35 microseconds. Between two operations
/// of a training step passes less, and waking a thread takes longer.
constexpr int kLooks = 2000;

void pause() {
#if defined(__x86_64__)
  _mm_pause();
#else
  std::this_thread::yield();
#endif
}

/// What one thread begins with, in parts that are counted off. It stands alone in its cache line.
struct alignas(64) Share {
  std::atomic<std::int64_t> next = 0;
  std::int64_t end = 0;
};

/// Threads that wait for work. One job at a time. Each thread has the same share of every job, the
/// first the first rows of whatever is computed: so it finds in its own cache what it wrote in the
/// job before. Who has done his share helps with the others'.
class Crew {
 public:
  explicit Crew(int workers) : shares_(static_cast<std::size_t>(workers)) {
    for (std::size_t i = 1; i < shares_.size(); ++i) threads_.emplace_back([this, i] { help(i); });
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    called_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void run(std::int64_t count, std::int64_t grain, const Work& work) {
    {
      const std::lock_guard lock(mutex_);
      work_ = &work;
      grain_ = grain;
      share_out((count + grain - 1) / grain, count);
      open_ = true;
      job_.fetch_add(1, std::memory_order_release);
    }
    called_.notify_all();
    do_parts(0);
    {
      const std::lock_guard lock(mutex_);
      open_ = false;  // who comes now comes too late, and is not waited for
    }
    for (int look = 0; busy_.load(std::memory_order_acquire) > 0; ++look) {
      look < kLooks ? pause() : std::this_thread::yield();
    }
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  }

 private:
  /// To each thread as many of the parts as to the others, or one more.
  void share_out(std::int64_t parts, std::int64_t count) {
    const auto workers = static_cast<std::int64_t>(shares_.size());
    for (std::int64_t i = 0; i < workers; ++i) {
      Share& share = shares_[static_cast<std::size_t>(i)];
      share.next.store(parts * i / workers * grain_, std::memory_order_relaxed);
      share.end = std::min(parts * (i + 1) / workers * grain_, count);
    }
  }

  /// Worker number `worker`: its own share first.
  void do_parts(std::size_t worker) {
    inside = true;
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      Share& share = shares_[(worker + i) % shares_.size()];
      for (;;) {
        const std::int64_t begin = share.next.fetch_add(grain_, std::memory_order_relaxed);
        if (begin >= share.end) break;
        try {
          (*work_)(begin, std::min(begin + grain_, share.end));
        } catch (...) {
          const std::lock_guard lock(mutex_);
          thrown_ = std::current_exception();
        }
      }
    }
    inside = false;
  }

  void help(std::size_t worker) {
    std::int64_t seen = 0;
    while (await_job(seen)) {
      if (!join_job()) continue;
      do_parts(worker);
      busy_.fetch_sub(1, std::memory_order_release);
    }
  }

  /// Whether there is a job after number `seen`, which becomes its number; else the crew ends.
  bool await_job(std::int64_t& seen) {
    for (int look = 0; look < kLooks; ++look) {
      if (job_.load(std::memory_order_acquire) != seen) break;
      pause();
    }
    std::unique_lock lock(mutex_);
    called_.wait(lock, [&] { return ended_ || job_.load(std::memory_order_relaxed) != seen; });
    seen = job_.load(std::memory_order_relaxed);
    return !ended_;
  }

  /// Whether the job is still open; then it waits for this thread.
  bool join_job() {
    const std::lock_guard lock(mutex_);
    if (open_) busy_.fetch_add(1, std::memory_order_relaxed);
    return open_;
  }

  std::mutex mutex_;
  std::condition_variable called_;
  bool ended_ = false;
  bool open_ = false;  // whether a helper may still join the job
  std::exception_ptr thrown_;
  const Work* work_ = nullptr;
  std::int64_t grain_ = 1;
  std::atomic<std::int64_t> job_ = 0;
  std::atomic<int> busy_ = 0;  // helpers that have joined the job and not finished it
  std::vector<Share> shares_;
  std::vector<std::thread> threads_;
};

int processors() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

struct Threads {
  std::mutex mutex;  // of the crew: one job at a time
  int count = processors();
  std::unique_ptr<Crew> crew;
};

Threads& all() {
  static Threads threads;
  return threads;
}

}  // namespace

void set_threads(int count) {
  const std::lock_guard lock(all().mutex);
  all().count = std::max(1, count);
  all().crew.reset();
}

int threads() { return all().count; }

void parallel(std::int64_t count, std::int64_t grain, const Work& work) {
  if (count <= 0) return;
  const std::int64_t workers = threads();
  if (inside || workers == 1 || count <= grain) return work(0, count);
  const std::lock_guard lock(all().mutex);
  if (!all().crew) all().crew = std::make_unique<Crew>(static_cast<int>(workers));
  // Four parts a thread: enough to even out a thread that is late.
  const std::int64_t parts = (count + grain - 1) / grain;
  const std::int64_t each = std::max<std::int64_t>(1, parts / (4 * workers)) * grain;
  all().crew->run(count, each, work);
}

}  // namespace nt::fast
