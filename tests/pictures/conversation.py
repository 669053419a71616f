"""The conversation that the pictures show: every construct, and every way an answer can end."""

ROLLING_HASH_QUESTION = "Can you explain how a rolling hash works, with code? Also 简单说一下中文 🙂"

ROLLING_HASH = r'''A **rolling hash** lets you update the hash of a sliding window in constant time, instead of hashing the whole window again. It is the core of *Rabin–Karp* string search. 🚀

## The idea

Treat the window `s[i:i+m]` as a number in base $b$, modulo a prime $p$:

$$
H_i = \sum_{k=0}^{m-1} s_{i+k}\, b^{\,m-1-k} \bmod p
$$

Moving the window by one drops the leading term and adds a trailing one, so $H_{i+1} = (H_i - s_i b^{m-1})\,b + s_{i+m}$.

```python
def rabin_karp(text: str, pattern: str, base: int = 257, mod: int = 2**61 - 1) -> list[int]:
    """Return every index where `pattern` occurs in `text`."""
    n, m = len(text), len(pattern)
    if m == 0 or m > n:
        return []
    high = pow(base, m - 1, mod)      # b^(m-1) mod p
    wanted = seen = 0
    for i in range(m):
        wanted = (wanted * base + ord(pattern[i])) % mod
        seen = (seen * base + ord(text[i])) % mod
    hits = []
    for i in range(n - m + 1):
        if wanted == seen and text[i:i + m] == pattern:
            hits.append(i)
        if i < n - m:
            seen = ((seen - ord(text[i]) * high) * base + ord(text[i + m])) % mod
    return hits
```

### What it costs

| Step | Cost | Note |
|:-----|:----:|-----:|
| Prepare | `O(m)` | one pass over the pattern |
| Scan | `O(n)` | expected, *with a good modulus* |
| Worst case | `O(nm)` | many **collisions** |

> Choose the base at random when the program starts. Whoever knows both $b$ and $p$ can construct collisions.[^1]

1. Pick a large prime, such as $2^{61}-1$.
2. Compute the high power once.
   - use `pow(base, m - 1, mod)`
   - never compute it again in the loop
3. Verify each candidate.

- [x] handles empty patterns
- [ ] handles streaming input

---

中文简述：滚动哈希在窗口滑动时只需常数时间即可更新哈希值，因此搜索整体为线性期望时间。See [the paper](https://doi.org/10.1147/rd.312.0249) or https://en.wikipedia.org/wiki/Rolling_hash. ![A window sliding over text](https://images.example.org/window.png)

شرح موجز: التجزئة المتدحرجة تحدّث القيمة في زمن ثابت.

[^1]: ~~Any~~ A fixed base invites *anti-hash* tests.'''

RUST_QUESTION = "Thanks! Show me the same in Rust, and a short test."

RUST = r"""Here's the same algorithm in **Rust**, using `u128` for the intermediate product so that nothing overflows:

```rust
const MOD: u64 = (1 << 61) - 1;

/// Every index at which `pat` occurs in `text`.
pub fn rabin_karp(text: &[u8], pat: &[u8]) -> Vec<usize> {
    let (n, m) = (text.len(), pat.len());
    if m == 0 || m > n { return vec![]; }
    let mul = |a: u64, b: u64| ((a as u128 * b as u128) % MOD as u128) as u64;
    let high = (0..m - 1).fold(1, |acc, _| mul(acc, 257));
```

The closure `mul` keeps the **modular product** in 128 bits, which on x86-64 compiles to a single `mul` plus a **redu"""

STOPPED_QUESTION = "And how would I choose the prime?"
STOPPED = """Choose a prime that is

1. **large**, so that two windows rarely share a hash by chance: with $p \\approx 2^{61}$ a million"""

FAILED_QUESTION = "What if the alphabet has only four letters?"
FAILED = "Then a smaller base is enough, and you can pack each"

THOUGHT = """The user asks for the idea, code and a note in Chinese.

I should define the polynomial hash first, then the update, then **complexity**."""
