#pragma once
// What every operation says to arguments that it must refuse, word for word. An error's text is
// part of an operation: it is what its user reads when something is wrong.

#include <functional>
#include <string>
#include <vector>

namespace nt {

struct ErrorCase {
  std::string op;              ///< the row or layer that is called
  std::string text;            ///< what the error says
  std::function<void()> call;  ///< on the chosen backend
};

/// At least one for every row of the op table and every layer but these.
std::vector<ErrorCase> error_cases();

/// Layers that take every Tensor there is.
inline const std::vector<std::string> kRefuseNothing{"gelu", "relu"};

}  // namespace nt
