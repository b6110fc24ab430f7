// matmul_bench fast|openblas THREADS: one side of the products that ./learn bench measures. Its
// jobs are
//   ab  M K N S    c = a b for S seconds.   a: (M, K), b: (K, N) -> c: (M, N)
//   aTb M K N S    c = a^T b.   a: (K, M)
//   abT M K N S    c = a b^T.   b: (N, K)
// and the answer is the mean of |c|; for fast also
//   peak S         multiplications and additions of registers alone for S seconds; the answer is 1
// The fast backend's product is the op table's row, with the new array that it makes of the result;
// OpenBLAS writes into the same memory again and again.

#include <cmath>
#include <numeric>

#include "contestant.hpp"
#include "core/errors.hpp"
#include "core/random.hpp"
#include "install_fast.hpp"
#include "kernels.hpp"
#include "openblas.hpp"
#include "parallel.hpp"
#include "peak.hpp"
#include "rows.hpp"

namespace {

using nt::bench::Contestant;
using nt::bench::Timing;
using nt::bench::Turn;

struct Job {
  bool turn_a, turn_b;
  int M, K, N;
  double seconds;

  /// a and b as they lie in memory.
  nt::Shape a() const { return turn_a ? nt::Shape{K, M} : nt::Shape{M, K}; }
  nt::Shape b() const { return turn_b ? nt::Shape{N, K} : nt::Shape{K, N}; }
};

Job read_job(const std::string& form, std::istream& rest) {
  Job job{form == "aTb", form == "abT", 0, 0, 0, 0};
  if (form != "ab" && !job.turn_a && !job.turn_b) rest.setstate(std::ios::failbit);
  rest >> job.M >> job.K >> job.N >> job.seconds;
  return job;
}

Turn result(const Job& job, const Timing& timing, const std::vector<float>& c) {
  const double sum = std::accumulate(c.begin(), c.end(), 0.0,
                                     [](double all, float x) { return all + std::abs(x); });
  return {2.0 * job.M * job.K * job.N * timing.times, timing.seconds,
          sum / static_cast<double>(c.size())};
}

Turn multiply_fast(const Job& job, const nt::HostArray& host_a, const nt::HostArray& host_b) {
  const auto lying = [](const nt::HostArray& x, bool turn) {
    const nt::Array array = nt::op::array(x);
    return turn ? nt::op::transpose(array, 0, 1) : array;
  };
  const nt::Array a = lying(host_a, job.turn_a);
  const nt::Array b = lying(host_b, job.turn_b);
  nt::Array c;
  const Timing timing = nt::bench::repeat(job.seconds, [&] { c = nt::op::matmul(a, b); });
  return result(job, timing, c.host().values);
}

Turn measure_peak(double seconds, int threads) {
  const Timing timing = nt::bench::repeat(seconds, [&] { nt::run_peak(threads); });
  return {nt::peak_flop(threads) * timing.times, timing.seconds, 1};
}

Turn multiply_openblas(const nt::OpenBlas& blas, const Job& job, const nt::HostArray& a,
                       const nt::HostArray& b) {
  std::vector<float> c(static_cast<std::size_t>(job.M * job.N));
  const Timing timing = nt::bench::repeat(job.seconds, [&] {
    blas.multiply(job.M, job.N, job.K, a.values.data(), b.values.data(), c.data(),
                  {job.turn_a, job.turn_b});
  });
  return result(job, timing, c);
}

/// Does a job on operands that are the same for every contestant.
template <class Multiply>
auto turn(Multiply multiply) {
  return [multiply](const std::string& form, std::istream& rest) {
    const Job job = read_job(form, rest);
    if (!rest) return Turn{};
    nt::Random random(1);
    const nt::HostArray a = nt::normal(job.a(), random);
    const nt::HostArray b = nt::normal(job.b(), random);
    return multiply(job, a, b);
  };
}

Contestant contestant(const std::string& name, int threads) {
  if (name == "fast") {
    nt::install_fast();
    nt::set_backend(nt::Backend::fast);
    nt::fast::set_threads(threads);
    const auto job = [threads](const std::string& form, std::istream& rest) {
      double seconds = 0;
      if (form != "peak") return turn(multiply_fast)(form, rest);
      return rest >> seconds ? measure_peak(seconds, threads) : Turn{};
    };
    return {{{"kernels", nt::fast::kernels().processor}}, job};
  }
  if (name != "openblas") throw nt::UsageError("expected fast or openblas, found " + name);
  const auto blas = nt::OpenBlas::find();
  if (!blas) return {{{"missing", "OpenBLAS; PyTorch without it may take ten times as long"}}, {}};
  blas->set_threads(threads);
  return {{{"configuration", blas->name()}},
          turn([blas](const Job& job, const nt::HostArray& a, const nt::HostArray& b) {
            return multiply_openblas(*blas, job, a, b);
          })};
}

}  // namespace

int main(int argc, char** argv) { return nt::bench::serve(argc, argv, contestant); }
