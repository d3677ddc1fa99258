// Package names has a file of the same name as the package whose generic code it uses: the logs of both have one name.
package names

import "example.com/odd/names/inner"

var sink any

func Use(n int) {
	sink = inner.New(n)
	sink = inner.New("n")
	sink = &n
}
