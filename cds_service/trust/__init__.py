"""Who may call, and on what terms: the file of clients, their tokens, each token once. Production only.

One call, in order: ``gate`` takes the Authorization header; ``token`` reads it strictly; ``roster`` knows the clients
of today and ``clients`` what each may; ``verify`` holds the token against its client; ``replay`` lets it through once.
"""
