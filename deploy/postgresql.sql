-- What the service's role may do with the tables that `cds-service database upgrade` makes, now and later. Once, as their
-- owner: sudo -u postgres psql --dbname anakinra_cds --file deploy/postgresql.sql
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, DELETE ON TABLES TO anakinra_cds;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO anakinra_cds;
