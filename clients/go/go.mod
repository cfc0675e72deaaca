module github.com/baton-handoff/baton/clients/go

go 1.21
