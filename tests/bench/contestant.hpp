#pragma once
// A contestant of ./learn bench is a process that lives for the whole contest and sleeps while it
// is not its turn. It says in a line of JSON who it is; then it reads a job a line, works on it for
// as long as the line says, and answers with a line of JSON. tools/bench/contestant.py is the other
// end.

#include <chrono>
#include <functional>
#include <istream>
#include <nlohmann/json.hpp>
#include <string>

namespace nt::bench {

/// How long some work took.
struct Timing {
  double times;  ///< it was done
  double seconds;
};

/// Works once unwatched, which brings the memory back into the caches, and then again and again
/// until `seconds` have passed, once at least.
template <class Work>
Timing repeat(double seconds, const Work& work) {
  using Clock = std::chrono::steady_clock;
  work();
  const Clock::time_point start = Clock::now();
  Timing timing{};
  do {
    work();
    ++timing.times;
    timing.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  } while (timing.seconds < seconds);
  return timing;
}

/// What a turn came to.
struct Turn {
  double amount;  ///< images, or floating-point operations
  double seconds;
  double answer;  ///< a number that all contestants must agree on, so that all do the same work
};

/// A process that is ready for jobs.
struct Contestant {
  nlohmann::json introduction;  ///< who it is; with an entry "missing" it can do no job

  /// Does a job, given its first word and the rest of its line.
  std::function<Turn(const std::string& word, std::istream& rest)> turn;
};

/// The main() of `program NAME THREADS`: makes the contestant and serves it until the input ends.
/// An error is one line on standard error, and the status that of every program of the course.
int serve(int argc, char** argv,
          const std::function<Contestant(const std::string& name, int threads)>& make);

}  // namespace nt::bench
