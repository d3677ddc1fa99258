package inner

type Pair[T any] struct{ a, b T }

//go:noinline
func New[T any](value T) *Pair[T] {
	other := value
	keep(&other)
	return &Pair[T]{value, other}
}

var kept any

func keep(value any) { kept = value }
