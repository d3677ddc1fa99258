module example.com/heapwarden/selfcheck

go 1.19
