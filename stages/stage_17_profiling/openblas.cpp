#include "openblas.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace nt {
namespace {

constexpr int kRowMajor = 101;
constexpr int kAsItLies = 111;
constexpr int kTransposed = 112;

/// Loads it for what this processor can do, unless the user has chosen. A release that is older
/// than the processor does not know its name, and takes kernels of four floats for it: a fifth of
/// the speed. It chooses when it is loaded first, which may be by numpy.
void* load(const char* library) {
  constexpr const char* kCore = "OPENBLAS_CORETYPE";
  const std::string_view best = fast::runnable_kernels().back()->processor;
  const bool choose = !std::getenv(kCore) && best != "plain";
  if (choose) ::setenv(kCore, best == "avx512" ? "SkylakeX" : "Haswell", 1);
  void* const handle = ::dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (choose) ::unsetenv(kCore);
  return handle;
}

template <class Function>
Function function_of(void* library, const char* name) {
  return reinterpret_cast<Function>(::dlsym(library, name));
}

}  // namespace

std::optional<OpenBlas> OpenBlas::find(const char* library) {
  void* const handle = load(library);
  if (!handle) return std::nullopt;
  OpenBlas blas;
  blas.sgemm_ = function_of<Sgemm>(handle, "cblas_sgemm");
  blas.set_num_threads_ = function_of<void (*)(int)>(handle, "openblas_set_num_threads");
  const auto config = function_of<const char* (*)()>(handle, "openblas_get_config");
  const auto core = function_of<const char* (*)()>(handle, "openblas_get_corename");
  if (!blas.sgemm_ || !blas.set_num_threads_ || !config || !core) return std::nullopt;
  std::string version;
  std::istringstream(config()) >> version >> version;  // "OpenBLAS 0.3.21 ..."
  blas.name_ = fmt::format("OpenBLAS {}, {}", version, core());
  return blas;
}

void OpenBlas::multiply(fast::Size M, fast::Size N, fast::Size K, const float* a, const float* b,
                        float* c, Turned turned) const {
  const auto whole = [](fast::Size size) { return static_cast<int>(size); };
  const auto row = [](fast::Size size) { return static_cast<int>(std::max<fast::Size>(size, 1)); };
  const auto form = [](bool transposed) { return transposed ? kTransposed : kAsItLies; };
  sgemm_(kRowMajor, form(turned.a), form(turned.b), whole(M), whole(N), whole(K), 1, a,
         row(turned.a ? M : K), b, row(turned.b ? K : N), 0, c, row(N));
}

}  // namespace nt
