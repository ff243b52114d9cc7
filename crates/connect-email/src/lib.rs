//! Mail, handed over to a mail server by SMTP.
