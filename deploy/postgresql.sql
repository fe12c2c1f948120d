-- What the service's role may do with the tables that `cds-service database upgrade` makes, now and later. Once, as their
-- owner: runuser -u postgres -- psql anakinra_cds < deploy/postgresql.sql
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, DELETE ON TABLES TO anakinra_cds;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO anakinra_cds;
