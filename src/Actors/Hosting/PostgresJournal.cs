using Etl.Actors.Load.Sinks;
using Npgsql;

namespace Etl.Actors.Hosting;

/// <summary>Makes what a schema must have before a process works on it: lease, journal, and the trigger between the two.</summary>
internal static class PostgresJournal
{
    private const string Trigger = "only_the_holder_writes_1";

    /// <summary>Makes what is absent. A server that has it all is asked one question.</summary>
    public static void Prepare(NpgsqlConnection connection, string schema)
    {
        using (var ask = new NpgsqlCommand(
            $"SELECT count(*) FROM pg_trigger WHERE tgname = '{Trigger}' AND tgrelid = to_regclass('{PostgresPlace.Quoted(schema)}.journal')", connection))
            if ((long)ask.ExecuteScalar()! == 1) return;
        // Two first runs at once would otherwise trip over one another's "if not exists".
        using var make = new NpgsqlCommand("BEGIN; SELECT pg_advisory_xact_lock(hashtext('etl')); " + Script(PostgresPlace.Quoted(schema)) + "COMMIT;", connection);
        make.ExecuteNonQuery();
    }

    /// <summary>Bytes of the journal's table and its indexes.</summary>
    public static long Size(PostgresPlace place)
    {
        using var connection = place.Open();
        using var command = new NpgsqlCommand($"SELECT pg_total_relation_size('{place.Identifier}.journal')", connection);
        return (long)command.ExecuteScalar()!;
    }

    // The table is the one that Akka.Persistence.Sql 1.5 makes. A share lock on the lease is held to the end of the writer's transaction, so
    // nobody takes over in the middle of a write, and after that no write of the one before comes through, whatever it thinks.
    private static string Script(string schema) => $"""
        CREATE SCHEMA IF NOT EXISTS {schema};
        CREATE TABLE IF NOT EXISTS {schema}.lease (
          name text PRIMARY KEY, holder text NOT NULL, epoch bigint NOT NULL, expires_at timestamptz NOT NULL, answer text);
        INSERT INTO {schema}.lease VALUES ('run', '', 0, '-infinity', NULL) ON CONFLICT DO NOTHING;
        CREATE TABLE IF NOT EXISTS {schema}.journal (
          ordering bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT "PK_journal" PRIMARY KEY,
          created bigint NOT NULL, deleted boolean NOT NULL, persistence_id text NOT NULL, sequence_number bigint NOT NULL,
          message bytea NOT NULL, tags text, manifest text, identifier integer, writer_uuid text,
          CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS journal_created_idx ON {schema}.journal (created);
        CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON {schema}.journal (sequence_number);
        CREATE OR REPLACE FUNCTION {schema}.only_the_holder_writes() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          PERFORM 1 FROM {schema}.lease WHERE epoch = nullif(current_setting('etl.epoch', true), '')::bigint FOR SHARE;
          IF NOT FOUND THEN RAISE EXCEPTION 'the lease of this process has passed to another' USING ERRCODE = '{PostgresErrors.LeaseLost}'; END IF;
          RETURN NULL;
        END $body$;
        DROP TRIGGER IF EXISTS {Trigger} ON {schema}.journal;
        CREATE TRIGGER {Trigger} BEFORE INSERT OR UPDATE OR DELETE ON {schema}.journal
          FOR EACH STATEMENT EXECUTE FUNCTION {schema}.only_the_holder_writes();
        """;
}
