#pragma once
// A handful of floats that one instruction computes with: 16 of them with AVX-512, 8 with AVX2, and
// 1 in plain C++, which says what the others do. A kernel is a template upon such a type V, written
// once; a file compiled for a processor asks for it with that processor's type. (Nothing here may
// be a function without V in its name: the linker keeps one copy of an inline function, and it may
// be the one with the instructions that another processor lacks.)
//
//   V::kWidth        floats in a V
//   V::load(p)       p[0] .. p[kWidth - 1], wherever p lies; load(p, n): the first n, the others 0
//   x.store(p)       the way back; store(p, n): the first n only
//   V::all(c)        c in every place
//   first(n, x, y)   x in the first n places, y in the others
//   fma(a, b, c)     a b + c, rounded once (in plain C++ twice)
//   larger(a, b)     the larger one; where one is NaN, either
//   where_less(a, b, x, y)   x where a < b, else y: so also where a or b is NaN
//   power_of_two(x, n)       x 2^n, n whole
//   sum(x), largest(x)       over the places of one V

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace nt::fast {

struct Vec1 {
  static constexpr int kWidth = 1;
  static constexpr int kRegisters = 16;

  static Vec1 load(const float* p) { return {*p}; }
  static Vec1 load(const float* p, int n) { return {n > 0 ? *p : 0.0F}; }
  static Vec1 all(float c) { return {c}; }
  void store(float* p) const { *p = v; }
  void store(float* p, int n) const {
    if (n > 0) *p = v;
  }

  friend Vec1 first(int n, Vec1 x, Vec1 y) { return n > 0 ? x : y; }
  friend Vec1 operator+(Vec1 a, Vec1 b) { return {a.v + b.v}; }
  friend Vec1 operator-(Vec1 a, Vec1 b) { return {a.v - b.v}; }
  friend Vec1 operator*(Vec1 a, Vec1 b) { return {a.v * b.v}; }
  friend Vec1 operator/(Vec1 a, Vec1 b) { return {a.v / b.v}; }
  friend Vec1 fma(Vec1 a, Vec1 b, Vec1 c) { return {a.v * b.v + c.v}; }
  friend Vec1 larger(Vec1 a, Vec1 b) { return a.v < b.v ? b : a; }
  friend Vec1 sqrt(Vec1 x) { return {__builtin_sqrtf(x.v)}; }
  friend Vec1 abs(Vec1 x) { return {__builtin_fabsf(x.v)}; }
  friend Vec1 nearest(Vec1 x) { return {__builtin_rintf(x.v)}; }
  friend Vec1 where_less(Vec1 a, Vec1 b, Vec1 x, Vec1 y) { return a.v < b.v ? x : y; }
  friend Vec1 where_equal(Vec1 a, Vec1 b, Vec1 x, Vec1 y) { return a.v == b.v ? x : y; }
  friend Vec1 with_sign_of(Vec1 x, Vec1 s) { return {__builtin_copysignf(x.v, s.v)}; }
  friend Vec1 power_of_two(Vec1 x, Vec1 n) {
    return {__builtin_ldexpf(x.v, static_cast<int>(n.v))};
  }
  friend float sum(Vec1 x) { return x.v; }
  friend float largest(Vec1 x) { return x.v; }

  float v;
};

#if defined(__AVX2__)
struct Vec8 {
  static constexpr int kWidth = 8;
  static constexpr int kRegisters = 16;

  static Vec8 load(const float* p) { return {_mm256_loadu_ps(p)}; }
  static Vec8 load(const float* p, int n) { return {_mm256_maskload_ps(p, mask(n))}; }
  static Vec8 all(float c) { return {_mm256_set1_ps(c)}; }
  void store(float* p) const { _mm256_storeu_ps(p, v); }
  void store(float* p, int n) const { _mm256_maskstore_ps(p, mask(n), v); }

  friend Vec8 first(int n, Vec8 x, Vec8 y) {
    return {_mm256_blendv_ps(y.v, x.v, _mm256_castsi256_ps(mask(n)))};
  }
  friend Vec8 operator+(Vec8 a, Vec8 b) { return {_mm256_add_ps(a.v, b.v)}; }
  friend Vec8 operator-(Vec8 a, Vec8 b) { return {_mm256_sub_ps(a.v, b.v)}; }
  friend Vec8 operator*(Vec8 a, Vec8 b) { return {_mm256_mul_ps(a.v, b.v)}; }
  friend Vec8 operator/(Vec8 a, Vec8 b) { return {_mm256_div_ps(a.v, b.v)}; }
  friend Vec8 fma(Vec8 a, Vec8 b, Vec8 c) { return {_mm256_fmadd_ps(a.v, b.v, c.v)}; }
  friend Vec8 larger(Vec8 a, Vec8 b) { return {_mm256_max_ps(a.v, b.v)}; }
  friend Vec8 sqrt(Vec8 x) { return {_mm256_sqrt_ps(x.v)}; }
  friend Vec8 abs(Vec8 x) { return {_mm256_andnot_ps(_mm256_set1_ps(-0.0F), x.v)}; }
  friend Vec8 nearest(Vec8 x) {
    return {_mm256_round_ps(x.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
  }
  friend Vec8 where_less(Vec8 a, Vec8 b, Vec8 x, Vec8 y) {
    return {_mm256_blendv_ps(y.v, x.v, _mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ))};
  }
  friend Vec8 where_equal(Vec8 a, Vec8 b, Vec8 x, Vec8 y) {
    return {_mm256_blendv_ps(y.v, x.v, _mm256_cmp_ps(a.v, b.v, _CMP_EQ_OQ))};
  }
  friend Vec8 with_sign_of(Vec8 x, Vec8 s) {
    const __m256 sign = _mm256_set1_ps(-0.0F);
    return {_mm256_or_ps(_mm256_andnot_ps(sign, x.v), _mm256_and_ps(sign, s.v))};
  }
  /// In two factors, since 2^n alone may be too large or too small for a float where x 2^n is not.
  friend Vec8 power_of_two(Vec8 x, Vec8 n) {
    const __m256i whole = _mm256_cvtps_epi32(n.v);
    const __m256i half = _mm256_srai_epi32(whole, 1);
    return {_mm256_mul_ps(_mm256_mul_ps(x.v, factor(half)), factor(_mm256_sub_epi32(whole, half)))};
  }
  friend float sum(Vec8 x) {
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(x.v), _mm256_extractf128_ps(x.v, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
  friend float largest(Vec8 x) {
    const __m128 four = _mm_max_ps(_mm256_castps256_ps128(x.v), _mm256_extractf128_ps(x.v, 1));
    const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
  }

  __m256 v;

 private:
  /// The mask of the first n places.
  static __m256i mask(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  /// 2^n for -126 <= n <= 127: the exponent of a float lies in bits 23 to 30, 127 more than it is.
  static __m256 factor(__m256i n) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(n, _mm256_set1_epi32(127)), 23));
  }
};
#endif

#if defined(__AVX512F__)
struct Vec16 {
  static constexpr int kWidth = 16;
  static constexpr int kRegisters = 32;

  static Vec16 load(const float* p) { return {_mm512_loadu_ps(p)}; }
  static Vec16 load(const float* p, int n) { return {_mm512_maskz_loadu_ps(mask(n), p)}; }
  static Vec16 all(float c) { return {_mm512_set1_ps(c)}; }
  void store(float* p) const { _mm512_storeu_ps(p, v); }
  void store(float* p, int n) const { _mm512_mask_storeu_ps(p, mask(n), v); }

  friend Vec16 first(int n, Vec16 x, Vec16 y) { return {_mm512_mask_blend_ps(mask(n), y.v, x.v)}; }
  friend Vec16 operator+(Vec16 a, Vec16 b) { return {_mm512_add_ps(a.v, b.v)}; }
  friend Vec16 operator-(Vec16 a, Vec16 b) { return {_mm512_sub_ps(a.v, b.v)}; }
  friend Vec16 operator*(Vec16 a, Vec16 b) { return {_mm512_mul_ps(a.v, b.v)}; }
  friend Vec16 operator/(Vec16 a, Vec16 b) { return {_mm512_div_ps(a.v, b.v)}; }
  friend Vec16 fma(Vec16 a, Vec16 b, Vec16 c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
  friend Vec16 larger(Vec16 a, Vec16 b) { return {_mm512_max_ps(a.v, b.v)}; }
  friend Vec16 sqrt(Vec16 x) { return {_mm512_sqrt_ps(x.v)}; }
  friend Vec16 abs(Vec16 x) { return {_mm512_abs_ps(x.v)}; }
  friend Vec16 nearest(Vec16 x) {
    return {_mm512_roundscale_ps(x.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
  }
  friend Vec16 where_less(Vec16 a, Vec16 b, Vec16 x, Vec16 y) {
    return {_mm512_mask_blend_ps(_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ), y.v, x.v)};
  }
  friend Vec16 where_equal(Vec16 a, Vec16 b, Vec16 x, Vec16 y) {
    return {_mm512_mask_blend_ps(_mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ), y.v, x.v)};
  }
  friend Vec16 with_sign_of(Vec16 x, Vec16 s) {
    const __m512i bits = _mm512_ternarylogic_epi32(  // a ? b : c, bit by bit
        _mm512_set1_epi32(static_cast<int>(0x80000000)), _mm512_castps_si512(s.v),
        _mm512_castps_si512(x.v), 0xCA);
    return {_mm512_castsi512_ps(bits)};
  }
  friend Vec16 power_of_two(Vec16 x, Vec16 n) { return {_mm512_scalef_ps(x.v, n.v)}; }
  friend float sum(Vec16 x) { return _mm512_reduce_add_ps(x.v); }
  friend float largest(Vec16 x) { return _mm512_reduce_max_ps(x.v); }

  __m512 v;

 private:
  /// The mask of the first n places.
  static __mmask16 mask(int n) { return static_cast<__mmask16>((1U << n) - 1); }
};
#endif

}  // namespace nt::fast
