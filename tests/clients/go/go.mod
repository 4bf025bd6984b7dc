module siteerror.example/clients

go 1.25
