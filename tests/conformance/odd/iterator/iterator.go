//go:build go1.23

// Package iterator has variables that only the compiler knows: they have no position.
package iterator

var kept []func(int) bool

func Numbers(yield func(int) bool) {
	kept = append(kept, yield)
	for i := 0; yield(i); i++ {
	}
}

func First(limit int) (sum int) {
	for i := range Numbers {
		for j := range Numbers {
			if i*j > limit {
				return sum
			}
			sum += j
		}
	}
	return sum
}
