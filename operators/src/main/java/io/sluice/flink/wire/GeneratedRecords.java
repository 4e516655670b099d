package io.sluice.flink.wire;

import io.sluice.schemas.DeadLetter;
import io.sluice.schemas.GraphResult;
import io.sluice.schemas.InferenceRequest;
import io.sluice.schemas.InferenceResult;
import io.sluice.schemas.ManagerReply;
import io.sluice.schemas.ManagerRequest;
import io.sluice.schemas.NamedTensor;
import io.sluice.schemas.TextLine;
import io.sluice.schemas.UnitGrant;
import io.sluice.schemas.UnitWish;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;

/**
 * Avro's view of the generated classes with the classes named here, not looked up by the name that
 * a schema gives: a writer's schema can make no other class, and Avro needs no list of trusted
 * packages on every JVM.
 */
final class GeneratedRecords extends SpecificData {
  private static final Map<String, Class<?>> CLASSES =
      Map.of(
          InferenceRequest.getClassSchema().getFullName(), InferenceRequest.class,
          InferenceResult.getClassSchema().getFullName(), InferenceResult.class,
          TextLine.getClassSchema().getFullName(), TextLine.class,
          GraphResult.getClassSchema().getFullName(), GraphResult.class,
          NamedTensor.getClassSchema().getFullName(), NamedTensor.class,
          DeadLetter.getClassSchema().getFullName(), DeadLetter.class,
          ManagerRequest.getClassSchema().getFullName(), ManagerRequest.class,
          UnitWish.getClassSchema().getFullName(), UnitWish.class,
          ManagerReply.getClassSchema().getFullName(), ManagerReply.class,
          UnitGrant.getClassSchema().getFullName(), UnitGrant.class);

  GeneratedRecords() {
    super(GeneratedRecords.class.getClassLoader());
  }

  @Override
  public Class<?> getClass(Schema schema) {
    return schema.getType() == Schema.Type.RECORD
        ? CLASSES.get(schema.getFullName())
        : super.getClass(schema);
  }
}
